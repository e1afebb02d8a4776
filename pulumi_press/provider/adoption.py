"""Whose an object is: adopting it, taking up that of an interrupted run, and the entries of the state that share it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NoReturn

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.metadata import find_other_owner, find_owner, is_of_stack, name_stack
from pulumi_press.provider.values import Values, get, name_of
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.context import Context, ProcessCache, Request
    from pulumi_press.provider.create_once import Intent
    from pulumi_press.provider.values import Values

__all__ = [
    "CLAIM",
    "ELSEWHERE",
    "already_exists",
    "claim",
    "describe_existing",
    "describe_taken_up",
    "foresee",
    "forget_entry",
    "has_entry",
    "is_taken_over",
    "keep_claim",
    "log_found",
    "note_claim",
    "note_entry",
    "note_owner",
    "refuse",
    "refuse_other_stack",
    "refuse_shared",
    "refuse_unlisted",
    "release_claim",
    "take_up",
    "warn_of_other_stack",
    "was_taken_up",
]

ELSEWHERE = "of another spec"
"""Why a deployment is never adopted, whatever `press:adopt` says."""


def refuse(live: Values, inputs: Values, context: Context, *, is_identical: bool, knows_files: bool = True) -> str:
    """Return why an object that exists is not adopted; empty where it is.

    Args:
        live: the object.
        inputs: what is wanted.
        context: client, settings and cache.
        is_identical: whether the object is what would have been made, as far as the service returns it.
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
        return "and the service does not return its files, so the provider cannot verify that they match"
    return "" if is_identical else "and differs from this program"


def find_policy(inputs: Values, context: Context) -> str:
    """Return what to do with an existing object: the argument wins over the setting."""
    return inputs.get("adopt") or context.settings().adopt


def foresee(
    kind: str,
    inputs: Values,
    intent: Intent,
    find: Callable[[], Values | None],
    context: Context,
) -> tuple[str, Any] | None:
    """Return the id and the object that has the name of one that is to be made; None where none has, or none counts.

    It is looked for where it may be adopted, or where a preview may ask the service. Nothing counts that is, or by its
    name may be, what is replaced or what an interrupted run made. A service that cannot be reached is no failure of the
    program's: the operation itself will report it.

    Args:
        kind: `spec` or `deployment`.
        inputs: what is to be made.
        intent: the note about it.
        find: finds what has the name in the listing.
        context: client, settings and cache.
    """
    asks = context.settings().validate == "server"
    if not asks and find_policy(inputs, context) == "never":
        return None
    is_named = not isinstance(get(inputs, "metadata.name"), (Unknown, type(None)))
    if not is_named or has_entry(inputs, context) or intent.recall() is not None:
        return None
    try:
        found = find()
    except PressError:
        if asks:
            raise
        return None
    if found is None or (kind, found["id"]) in context.cache.owners:
        return None
    id = str(found["id"])
    try:
        return id, _describe(kind, id, context)
    except NotFound:
        return None


def _describe(kind: str, id: str, context: Context) -> Values:
    client = context.client
    return client.describe_spec(id) if kind == "spec" else client.describe_deployment(id)


def already_exists(kind: str, name: str, id: str, why: str, error: PressError) -> AlreadyExistsError:
    """Return the error for a name that belongs to something else, with remedies and the service's message."""
    quote = "" if why == ELSEWHERE else _quote(error)
    return AlreadyExistsError(f"{describe_existing(kind, name, id, why)}{quote}")


def find_existing(
    kind: str,
    inputs: Values,
    found: Values | None,
    error: PressError,
    context: Context,
    *,
    is_told: bool,
) -> tuple[str, Any]:
    """Return the id and the object that has a name which was refused, or whose creation was not answered.

    Args:
        kind: `spec` or `deployment`.
        inputs: what is to be made.
        found: what the listing has of that name; None where it has nothing.
        error: why it is looked for.
        context: client, and what is known of owners.
        is_told: whether what the listing has is enough, so that it is not read.

    Raises:
        AlreadyExistsError: another resource of this program manages it, or the service refuses a name that it does not
            list.
        PressError: the error, where the service has nothing of that name.
    """
    if found is not None:
        id = str(found["id"])
        refuse_shared(kind, id, context)
        if is_told:
            return id, found
        with suppress(NotFound):
            return id, _describe(kind, id, context)
    return refuse_unlisted(kind, name_of(inputs), error)


def refuse_unlisted(kind: str, name: str, error: PressError) -> NoReturn:
    """Raise the error for a name that is refused though nothing of that name is listed; other errors stay as they are.

    Raises:
        AlreadyExistsError: the service's message names it.
    """
    if error.outcome_unknown or name not in error.detail:
        raise error from error.__cause__
    remedies = (
        "if it was just deleted, run the command again",
        "if an object that this token cannot read has it, choose another name",
    )
    told = f"the service refuses the name {name!r}, but lists no {kind} of that name:"
    raise AlreadyExistsError(f"{CheckFailure('metadata.name', told, remedies)}{_quote(error)}") from error


def describe_existing(kind: str, name: str, id: str, why: str) -> CheckFailure:
    """Return the failure of a name that belongs to something else, with remedies."""
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
    """Log that an existing object is used, and why."""
    if is_of_stack(live, context):
        take_up("deployment" if kind == "deployment" else "spec", id, context)
        return
    found = f"{kind} {name} exists already as {id}{' and is identical' if is_identical else ''}"
    context.log(f"{found}; taken over", warning=True)


def take_up(kind: str, id: str, context: Context) -> None:
    """Note that an object is used which an interrupted run made and no state has.

    There may be hundreds: the line is shown only while it is the latest, and one at the end tells how many there were.
    """
    context.cache.taken_up.add((kind, id))
    context.log(f"{kind} {id} was found from an interrupted run; reusing it", ephemeral=True)


def was_taken_up(kind: str, id: str, context: Context) -> bool:
    """Return whether this process took up the object."""
    return (kind, id) in context.cache.taken_up


def describe_taken_up(cache: ProcessCache) -> str:
    """Return how many objects the operation took up; empty where there were none."""
    count = len(cache.taken_up)
    return f"took up {count} object{'s' if count != 1 else ''} of an interrupted run" if count else ""


def _quote(error: PressError) -> str:
    """Return the service's message as a line of its own."""
    return f"\n(the service says: {error.detail})" if error.detail else ""


CLAIM = "__claim"
"""The output that distinguishes the entry which adopted its object from any other entry of the same object."""


def note_owner(kind: str, id: str, context: Context) -> None:
    """Remember which resource manages an object: the one that the engine compares with its state."""
    if context.urn:
        context.cache.owners.setdefault((kind, id), context.urn)


def note_entry(request: Request) -> None:
    """Remember that the state has an entry of the resource that the request is about, with its block's name.

    The engine checks a replacement that somebody demands twice: as a change, and then as if nothing were there before.
    """
    if request.old and request.urn:
        request.cache.entries.add(_entry(request.olds, request))


def has_entry(inputs: Values, context: Context) -> bool:
    """Return whether the state has an entry of the resource with a block of this name, which is what is replaced."""
    return bool(context.urn) and _entry(inputs, context) in context.cache.entries


def forget_entry(request: Request) -> None:
    """Forget the entry of an object that this process deleted: its name is free for the one that replaces it."""
    request.cache.entries.discard(_entry(request.olds, request))


def claim(kind: str, id: str, outputs: Values, context: Context) -> Values:
    """Adopt an object for the resource of this operation; return its outputs, which record that.

    It is noted too: a run that fails halfway leaves a state with two entries of the object, and the old one, be it
    another resource's or an old entry of the same, may be deleted by a later run.

    Raises:
        AlreadyExistsError: another resource of this program manages it.
    """
    refuse_shared(kind, id, context)
    context.cache.owners[kind, id] = context.urn
    mark = token_hex(8)
    _holder(kind, id, context).note({"claim": mark})
    return {**outputs, CLAIM: mark}


def note_claim(kind: str, request: Request) -> None:
    """Remember the claim of the entry that the engine compares with the program: it goes on with the object."""
    if CLAIM in request.olds:
        request.cache.claims[kind, request.id] = str(request.olds[CLAIM])


def keep_claim(olds: Values, news: Values) -> Values:
    """Return new outputs of a resource that has its object from before."""
    return {**news, CLAIM: olds[CLAIM]} if CLAIM in olds else news


def release_claim(kind: str, id: str, context: Context) -> None:
    """Remove the note about who adopted an object that is gone."""
    _holder(kind, id, context).forget()


def refuse_shared(kind: str, id: str, context: Context) -> None:
    """Refuse an object that another resource of this program manages.

    Raises:
        AlreadyExistsError: there is such a resource.
    """
    other = _other_owner(kind, id, context)
    if other:
        name = other.rpartition("::")[2]
        raise AlreadyExistsError(
            f"metadata.name: the {kind} {id} is managed by the resource {name!r} of this program already; "
            "declare it once, or use an alias to rename the resource"
        )


def is_taken_over(kind: str, id: str, outputs: Values, context: Context) -> bool:
    """Return whether the object must outlive the entry of the state that is deleted.

    This run or an earlier one gave it to another entry, and the state may hold both. On a machine without notes, the
    other entry itself tells.
    """
    record = _holder(kind, id, context).recall() or {}
    claims = (record.get("claim"), context.cache.claims.get((kind, id)))
    is_old = any(claim is not None and claim != outputs.get(CLAIM) for claim in claims)
    return is_old or bool(_other_owner(kind, id, context))


def refuse_other_stack(kind: str, request: Request) -> Request:
    """Refuse to change an object that carries another stack's mark by now; it is read only where marks count.

    Returns:
        The request, with the object.

    Raises:
        AlreadyExistsError: it does.
    """
    if not name_stack(request):
        return request
    live = _describe(kind, request.id, request)
    if other := _other_stack(live, request):
        raise AlreadyExistsError(
            f"the {kind} carries the mark of the stack {other}, which took it over; nothing was changed. Run `pulumi "
            "state delete` to leave it to that stack, or take that tag off to keep it here"
        )
    return replace(request, live=live)


def may_delete(kind: str, request: Request, describe: Callable[[], Any]) -> bool:
    """Return whether an object is the old state's to delete; where it is not, that is logged."""
    subject = f"{kind} {name_of(request.olds)}"
    if is_taken_over(kind, request.id, request.olds, request):
        request.log(f"{subject} was taken over by another resource; it is only removed from the state")
        return False
    if not name_stack(request):
        return True
    try:
        live = describe()
    except NotFound:
        return True
    if warn_of_other_stack(kind, live, request):
        request.log(f"{subject} was not deleted; it is only removed from the state")
        return False
    return True


def warn_of_other_stack(kind: str, live: Any, context: Context) -> bool:
    """Log an object that carries another stack's mark by now; return whether it does."""
    other = _other_stack(live, context)
    if other:
        context.log(f"the {kind} carries the mark of the stack {other}, which took it over", warning=True)
    return bool(other)


def _other_stack(live: Any, context: Context) -> str:
    own, other = name_stack(context), find_owner(live)
    return other if own and other != own else ""


def _other_owner(kind: str, id: str, context: Context) -> str:
    urn = context.cache.owners.get((kind, id), "")
    return "" if urn == context.urn else urn


def _entry(inputs: Values, context: Context) -> tuple[str, str, str]:
    return (context.urn, str(inputs.get("kind")), str(get(inputs, "metadata.name")))


def _holder(kind: str, id: str, context: Context) -> Intent:
    settings = context.settings()
    return context.intents.find(settings.endpoint, settings.stage, "holder", kind, id)
