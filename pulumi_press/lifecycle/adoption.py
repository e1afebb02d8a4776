"""Whether an object that has the wanted name already is taken over: what `press:adopt` and `adopt` decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.lifecycle.errors import TakenError
from pulumi_press.lifecycle.resource import name_of
from pulumi_press.lifecycle.values import Values, get
from pulumi_press.schema import Mistake, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.api import PressError
    from pulumi_press.lifecycle.context import Context

__all__ = ["ELSEWHERE", "foresee_refusal", "refuse", "taken_error"]

ELSEWHERE = "of another spec"
"""Why a deployment is never taken over, whatever `press:adopt` says."""


def refuse(inputs: Values, context: Context, *, is_identical: bool) -> str:
    """Say why an object that exists is not taken over; empty where it is.

    Args:
        inputs: what is wanted.
        context: the surroundings.
        is_identical: whether the object is what would have been made, as far as the service tells.
    """
    adopt = inputs.get("adopt") or context.settings().adopt  # The argument wins over the setting.
    if adopt == "never":
        return "and press:adopt is never"
    if adopt == "identical" and "artifact" in inputs:
        return "and the service does not tell its files, so nobody can say whether they are this program's"
    return "and differs from this program" if adopt == "identical" and not is_identical else ""


def taken_error(kind: str, name: str, identity: str, why: str, error: PressError) -> TakenError:
    """Make the error for a name that belongs to something else, with the remedy and the service's own words."""
    words = f" (the service says: {error.words})" if error.words and why != ELSEWHERE else ""
    return TakenError(f"metadata.name: {_describe(kind, name, identity, why)}{words}")


def foresee_refusal(
    noun: str,
    inputs: Values,
    find: Callable[[], Values | None],
    why_not: Callable[[str], str],
    context: Context,
) -> list[Mistake]:
    """Look, where `press:validate` is `server`, whether the name of an object that is to be made is taken.

    Nothing is said of an object that this process knows to be a resource's own: it may be what is replaced.

    Args:
        noun: `spec` or `deployment`.
        inputs: what is to be made.
        find: finds what has the name.
        why_not: says why the object with this id would not be taken over; empty where it would.
        context: the surroundings.
    """
    if context.settings().validate != "server" or isinstance(get(inputs, "metadata.name"), (Unknown, type(None))):
        return []
    found = find()
    if found is None or (noun, found["id"]) in context.memory.owners:
        return []
    why = why_not(str(found["id"]))
    kind = str(inputs.get("kind", noun))
    return [Mistake("metadata.name", _describe(kind, name_of(inputs), str(found["id"]), why))] if why else []


def _describe(kind: str, name: str, identity: str, why: str) -> str:
    remedy = "or delete it" if why == ELSEWHERE else "delete it, or set press:adopt to always to take it over"
    return f"a {kind} named {name!r} exists already as {identity} {why}; choose another name, {remedy}"
