"""What an engine keeps and does: the program's resources, the state's entries, the steps of a run, and its failure."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_press.provider.values import Values

__all__ = ["Declared", "Doing", "Done", "Entry", "Failed", "Reference", "Step", "Unready", "copied"]

Doing = Literal["checking", "comparing", "creating", "reading", "updating", "deleting"]


@dataclass(frozen=True)
class Reference:
    """An output of another resource."""

    urn: str
    path: tuple[str, ...] = ()
    """The way to it in the outputs; empty: the id."""


@dataclass(frozen=True)
class Declared:
    """A resource as the program declares it."""

    urn: str
    kind: str
    props: Values
    """The inputs, with references."""
    after: tuple[str, ...] = ()
    """Other resources that come first."""
    parent: str | None = None


@dataclass
class Entry:
    """A resource in the state."""

    urn: str
    kind: str
    identity: str
    inputs: Values
    outputs: Values
    needs: tuple[str, ...] = ()
    condemned: bool = False
    """Replaced by another one, and still to be deleted."""
    is_unhealthy: bool = False
    """Whether it exists and is not what was asked for, so that the next run updates it whatever the program says."""
    is_read_first: bool = False
    """Whether the next run looks at it before it plans."""

    def take(self, unready: Unready) -> None:
        """Keep what a failed create or update says of the object."""
        self.outputs = copied(unready.outputs)
        self.is_unhealthy, self.is_read_first = True, unready.failure.refresh_before_update


@dataclass(frozen=True)
class Unready:
    """An object that exists and is not what was asked for, as the plugin describes it."""

    identity: str
    outputs: Values
    inputs: Values | None
    """What the engine keeps as inputs, after a `Read` only."""
    failure: Any
    """The message of the protocol."""


@dataclass(frozen=True)
class Step:
    """What was done, or would be."""

    urn: str
    what: Literal["same", "create", "update", "replace", "delete"]
    reasons: tuple[str, ...] = ()


class Failed(Exception):  # noqa: N818  # It is what the engine says of an operation, not an error of the engine.
    """An operation on a resource failed, and with it the whole run.

    Args:
        urn: the resource.
        kind: its kind.
        doing: what was being done.
        values: its inputs or outputs.
        text: what a person sees of it.
        known: names of deployments, by id.
        unready: the object that exists nevertheless.
    """

    def __init__(
        self,
        urn: str,
        kind: str,
        doing: Doing,
        values: Values,
        text: str,
        *,
        known: Mapping[str, str] | None = None,
        unready: Unready | None = None,
    ) -> None:
        super().__init__(text)
        self.unready = unready
        self.urn, self.kind, self.doing, self.text = urn, kind, doing, text
        name = next((str(name) for name in _names(values) if isinstance(name, str)), "")
        # A rollout is named after its deployment, where the process knows that.
        self.subject = (known or {}).get(name, name)


@dataclass
class Done:
    """What a run did."""

    steps: list[Step] = field(default_factory=list)

    @property
    def changes(self) -> list[Step]:
        """The steps that are not `same`."""
        return [step for step in self.steps if step.what != "same"]


def copied(value: Any) -> Any:
    """Copy values at any depth, as passing them between processes does."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else copy.copy(value)


def _names(values: Values) -> list[object]:
    """Give what people may know an object by, the best first."""
    return [
        (values.get("metadata") or {}).get("name"),
        (values.get("release") or {}).get("version"),
        values.get("deployment_id"),
    ]
