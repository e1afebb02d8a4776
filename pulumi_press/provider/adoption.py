"""Whether an object that has the wanted name already is taken over: what `press:adopt` and `adopt` decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pulumi_press.client.errors import PressError
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.marks import find_other_owner, is_of_stack
from pulumi_press.provider.ownership import has_entry
from pulumi_press.provider.values import Values, get
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.context import Context

__all__ = ["ELSEWHERE", "already_exists", "describe_existing", "foresee", "log_found", "refuse", "refuse_unlisted"]

ELSEWHERE = "of another spec"
"""Why a deployment is never taken over, whatever `press:adopt` says."""


def refuse(live: Values, inputs: Values, context: Context, *, is_identical: bool, knows_files: bool = True) -> str:
    """Say why an object that exists is not taken over; empty where it is.

    Args:
        live: the object.
        inputs: what is wanted.
        context: the surroundings.
        is_identical: whether the object is what would have been made, as far as the service tells.
        knows_files: whether that holds for the files of its artifact too.
    """
    adopt = find_policy(inputs, context)
    if adopt == "always":
        return ""
    if other := find_other_owner(live, context):
        return f"and carries the mark of the stack {other}"
    if adopt == "never":
        return "and press:adopt is never"
    if not knows_files:
        return "and the service does not tell its files, so nobody can say whether they are this program's"
    return "" if is_identical else "and differs from this program"


def find_policy(inputs: Values, context: Context) -> str:
    """Give what is to be done with what exists already: the argument wins over the setting."""
    return inputs.get("adopt") or context.settings().adopt


def foresee(kind: str, inputs: Values, find: Callable[[], Values | None], context: Context) -> Values | None:
    """Find what has the name of an object that is to be made, where it may be taken over or a preview may ask.

    Nothing is said of an object that is, or by its name may be, what is replaced. A service
    that cannot be asked is no mistake of the program's: the operation itself will tell.

    Args:
        kind: `spec` or `deployment`.
        inputs: what is to be made.
        find: finds what has the name.
        context: the surroundings.
    """
    asks = context.settings().validate == "server"
    if not asks and find_policy(inputs, context) == "never":
        return None
    if isinstance(get(inputs, "metadata.name"), (Unknown, type(None))) or has_entry(inputs, context):
        return None
    try:
        found = find()
    except PressError:
        if asks:
            raise
        return None
    return None if found is None or (kind, found["id"]) in context.cache.owners else found


def already_exists(kind: str, name: str, id: str, why: str, error: PressError) -> AlreadyExistsError:
    """Make the error for a name that belongs to something else, with the remedies and the service's own words."""
    words = "" if why == ELSEWHERE else _quote(error)
    return AlreadyExistsError(f"{describe_existing(kind, name, id, why)}{words}")


def refuse_unlisted(kind: str, name: str, error: PressError) -> NoReturn:
    """Raise the error for a name that is refused though nothing of that name is to be seen; others stay as they are.

    Raises:
        AlreadyExistsError: the service's words speak of the name.
    """
    if error.outcome_unknown or name not in error.detail:
        raise error from error.__cause__
    remedies = (
        "if it was just deleted, run the command again",
        "if this token may not see what has it, choose another name",
    )
    told = f"no {kind} named {name!r} is to be seen, and yet the service refuses it:"
    raise AlreadyExistsError(f"{CheckFailure('metadata.name', told, remedies)}{_quote(error)}") from error


def describe_existing(kind: str, name: str, id: str, why: str) -> CheckFailure:
    """Make the mistake of a name that belongs to something else, with the remedies that fit."""
    told = f"a {kind} named {name!r} exists already as {id} {why}"
    if why == ELSEWHERE:
        return CheckFailure("metadata.name", f"{told}; choose another name, or delete it")
    command = "deployment" if kind == "deployment" else "spec"
    certain = any(word in why for word in ("differs", "files", "mark"))
    adopt = "always" if certain else "identical (where it is), or to always"
    alias = 'opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="<old name>")])'
    remedies = (
        f"if this resource was renamed, give it the old name as an alias: {alias}",
        f"to manage it in this stack as it is, run `pulumi-press import {command} <resource name> {id}`",
        f"to let this resource take it over, set press:adopt to {adopt}",
        "if this resource is being replaced, set delete_before_replace=True and leave retain_on_delete out",
        "if it is somebody else's, choose another name",
    )
    return CheckFailure("metadata.name", f"{told}:", remedies)


def log_found(kind: str, name: str, id: str, live: Values, context: Context, *, is_identical: bool) -> None:
    """Say that an object which exists already is used, and why it may be."""
    found = f"{kind} {name} exists already as {id}"
    if is_of_stack(live, context):
        context.log(f"{found}, with the mark of this stack; reusing it")
    else:
        context.log(f"{found}{' and is identical' if is_identical else ''}; taken over", warning=True)


def _quote(error: PressError) -> str:
    """Give the service's own words as a line of their own."""
    return f"\n(the service says: {error.detail})" if error.detail else ""
