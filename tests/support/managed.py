"""A stand-in for the engine: it keeps one resource, and calls the core as a dynamic provider does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import PressError
from pulumi_press.provider.base import Diff
from pulumi_press.provider.errors import AlreadyExistsError

if TYPE_CHECKING:
    from pulumi_press.plugin.codec import Codec
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values

__all__ = ["Managed", "copied"]


def copied(value: Any) -> Any:
    """Copy dicts and lists at any depth, so that nothing an operation does to its arguments is seen by the next."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


@dataclass
class Managed:
    """A resource as the engine keeps it: its id, its inputs and its outputs, from one step to the next."""

    codec: Codec
    context: Context
    id: str = ""
    inputs: Values = field(default_factory=dict)
    outputs: Values = field(default_factory=dict)

    def check(self, program: Values) -> Values:
        """Check inputs that have no mistakes."""
        checked = self.codec.check(copied(self.inputs), copied(program), self.context)
        assert checked.failures == [], "\n".join(map(str, checked.failures))
        return checked.inputs

    def failures(self, program: Values) -> list[str]:
        """Give the mistakes of inputs."""
        checked = self.codec.check(copied(self.inputs), copied(program), self.context)
        return [str(failure) for failure in checked.failures]

    def refusal(self, program: Values) -> str:
        """Bring it up, which must be refused by the check or by the operation; give the message."""
        checked = self.codec.check(copied(self.inputs), copied(program), self.context)
        if checked.failures:
            (failure,) = checked.failures
            return str(failure)
        with pytest.raises(AlreadyExistsError) as caught:
            self.up(program)
        assert isinstance(caught.value.__cause__, PressError)
        return str(caught.value)

    def preview(self, program: Values) -> Diff:
        """Say what `up` would change."""
        return self.codec.diff(self.id, copied(self.outputs), self.check(program), self.context)

    def changes(self, program: Values) -> list[str]:
        """Return the paths that `up` would change."""
        return [path for change in self.preview(program).changes for path in change.paths]

    def up(self, program: Values) -> Diff:
        """Create, update or replace, and say what changed."""
        inputs, diff = self.check(program), Diff()
        if self.id:
            diff = self.codec.diff(self.id, copied(self.outputs), inputs, self.context)
        if diff.replaces:
            self._replace(program, delete_before_replace=diff.delete_before_replace)
        elif not self.id:
            self._create(inputs)
        elif diff.changes:
            olds = copied(self.outputs)
            self.outputs = self.codec.update(self.id, olds, copied(inputs), self.context)
            self.inputs = inputs
        return diff

    def refresh(self) -> bool:
        """Read it, and say whether it is there."""
        live = self.codec.read(self.id, copied(self.outputs), self.context)
        if live is None:
            self.id, self.inputs, self.outputs = "", {}, {}
            return False
        self.inputs, self.outputs = live.inputs, live.outputs
        return True

    def destroy(self) -> None:
        """Delete it."""
        self.codec.delete(self.id, copied(self.outputs), self.context)
        self.id, self.inputs, self.outputs = "", {}, {}

    def _create(self, inputs: Values) -> None:
        self.id, self.outputs = self.codec.create(copied(inputs), self.context)
        self.inputs = inputs

    def _replace(self, program: Values, *, delete_before_replace: bool) -> None:
        old = replace(self)
        if delete_before_replace:
            old.destroy()
        # The engine checks a replacement as if there had been nothing before.
        self.inputs = {}
        self._create(self.check(program))
        if not delete_before_replace:
            old.destroy()
