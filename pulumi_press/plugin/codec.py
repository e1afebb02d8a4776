"""Values with one side, as the dynamic SDK has them, and the two sides of the core.

A dynamic provider's inputs and outputs are one dict: what `check` returns are the inputs that the engine keeps and
compares, and a preview shows them. So what `plan` returns is put among them, and taken out again by the resource's
table of fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.provider.base import CheckError, CheckResult, Diff, Resource
from pulumi_press.provider.context import Request, State
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.provider.base import Resource
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.fields import Field

__all__ = ["INTERNAL", "PLACE", "PROVIDER", "Codec", "ReadResult", "is_native", "split"]

INTERNAL = "__"
"""What the names of outputs begin with that the engine shows nobody: they are never inputs."""

PROVIDER = "__provider"
"""The output in which the SDK keeps a dynamic provider."""

PLACE = "__place"
"""The output that says where the object was last seen. No input, so never a difference."""


def is_native(values: Values) -> bool:
    """Return whether the native plugin wrote these inputs or outputs; only its state has no dynamic provider."""
    return PLACE in values and PROVIDER not in values


@dataclass(frozen=True)
class ReadResult:
    """What `read` returns: both sides as one."""

    outputs: Values
    inputs: Values
    trouble: str = ""
    """Why the object is not what was asked for, though it exists; empty where it is."""


class Codec:
    """Serves a resource over values with one side.

    Args:
        resource: the resource.
    """

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    def check(self, olds: Values, news: Values, context: Context, **request: object) -> CheckResult:
        """Check the inputs, and plan: return both sides as one, or every failure.

        Args:
            olds: the inputs of last time, as this method returned them; empty for a new object.
            news: the inputs of the program. Where the engine put old ones back (`ignore_changes`), these hold outputs.
            context: what the operation depends on.
            request: further fields of the request.
        """
        given = split(self.resource.fields, news)
        asked = Request.of(context, old=self._old(olds), inputs=given.inputs, planned=given.outputs, **request)
        checked = self.resource.check(asked)
        if checked.failures:
            return checked
        try:
            outputs = self.resource.plan(Request.of(context, old=asked.old, inputs=checked.inputs, **request))
        except CheckError as error:
            return CheckResult(checked.inputs, error.failures)
        chosen = (field.path for field in self.resource.fields if field.chosen)
        context.cache.left_out[context.urn] = frozenset(path for path in chosen if get(checked.inputs, path) is None)
        return CheckResult(State(checked.inputs, outputs).values)

    def diff(self, id: str, olds: Values, news: Values, context: Context, **request: object) -> Diff:
        """Return what changed between the state's outputs and what `check` returned."""
        return self.resource.diff(self._request(id, olds, news, context, request))

    def preview(self, id: str, olds: Values, news: Values, context: Context, **request: object) -> Values:
        """Return the outputs that a create or update will lead to, `UNKNOWN` where only the service can tell."""
        return self.resource.preview(self._request(id, olds, news, context, request)).values

    def create(self, inputs: Values, context: Context, **request: object) -> tuple[str, Values]:
        """Make the object; return its id and outputs."""
        identifier, state = self.resource.create(self._request("", {}, inputs, context, request))
        return identifier, state.values

    def read(self, id: str, outputs: Values, context: Context) -> ReadResult | None:
        """Return the object as it is on the service; None when it is gone.

        Its outputs are its inputs, or nothing that drifted would show; but for what no input may hold.
        """
        state = self.resource.read(Request.of(context, id=id, old=self._old(outputs)))
        if state is None:
            return None
        values = state.values
        if not any(name.startswith(INTERNAL) for name in values):
            return ReadResult(values, values, state.trouble)
        inputs = {name: value for name, value in values.items() if not name.startswith(INTERNAL)}
        return ReadResult(values, inputs, state.trouble)

    def update(self, id: str, olds: Values, news: Values, context: Context, **request: object) -> Values:
        """Change the object; return its outputs."""
        return self.resource.update(self._request(id, olds, news, context, request)).values

    def delete(self, id: str, outputs: Values, context: Context) -> None:
        """Delete the object."""
        self.resource.delete(Request.of(context, id=id, old=self._old(outputs)))

    def _old(self, values: Values) -> State | None:
        return split(self.resource.fields, values) if values else None

    def _request(self, id: str, olds: Values, news: Values, context: Context, request: dict[str, object]) -> Request:
        old = self._old(olds)
        new = split(self.resource.fields, news, context.cache.left_out.get(context.urn, ()))
        planned = new.outputs if old is None else _correct(new.outputs, old.outputs)
        return Request.of(context, id=id, old=old, inputs=new.inputs, planned=planned, **request)


def split(fields: Iterable[Field], values: Values, left_out: Iterable[str] = ()) -> State:
    """Return the two sides of values.

    Args:
        fields: the resource's.
        values: both sides as one.
        left_out: paths of outputs that the program could have given and did not.
    """
    inputs = {name: value for name, value in values.items() if not name.startswith(INTERNAL)}
    outputs: Values = {name: value for name, value in values.items() if name.startswith(INTERNAL)}
    for field in fields:
        if not (field.computed or field.chosen):
            continue
        parent, _, _ = field.path.rpartition(".")
        value = get(values, field.path)
        if value is None or isinstance(get(values, parent) if parent else values, Unknown):
            # Nothing is in an unknown value.
            continue
        outputs = put(outputs, field.path, value)
        if field.computed or field.path in left_out:
            inputs = put(inputs, field.path, None)
    return State(inputs, outputs)


def _correct(planned: Values, known: Values) -> Values:
    """Replace whole numbers that were planned from old inputs, where the outputs say that the service is further on."""
    corrected = {
        name: known[name]
        for name, value in planned.items()
        if isinstance(value, int) and isinstance(known.get(name), int) and value < known[name]
    }
    return {**planned, **corrected}
