"""Deleting an object, and waiting until it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import Conflict, NotFound, PressError, UnprocessableEntity
from pulumi_press.provider.durations import format_duration
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.places import log_missing, note_found
from pulumi_press.provider.polling import pauses
from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.context import Context

__all__ = ["delete_and_wait", "send_delete"]


def delete_and_wait(
    delete: Callable[[], object],
    describe: Callable[[], Any],
    context: Context,
    *,
    what: str,
    id: str,
    timeout: float,
    argument: str,
) -> None:
    """Delete an object and wait until the service no longer knows it. One that is gone already is a success.

    Args:
        delete: sends the DELETE.
        describe: reads the object; raises `NotFound` once it is gone.
        context: the surroundings.
        what: the object in words, for messages.
        id: its id.
        timeout: seconds to wait.
        argument: the argument that raises the timeout.

    Raises:
        ProviderError: the service could not delete it, or took too long, or it was last seen elsewhere.
    """
    try:
        if not send_delete(delete, f"{what} ({id})", context):
            return
    except (Conflict, UnprocessableEntity) as error:
        if not _is_deleting(describe, error):
            raise
    started = context.now()
    for pause in pauses():
        try:
            live = describe()
        except NotFound:
            return
        status = get(live, "metadata.status")
        if status == "delete_failed":
            raise ProviderError(f"the service could not delete {what} (delete_failed); run `pulumi destroy` again")
        waited = context.now() - started
        if waited > timeout:
            raise ProviderError(
                f"{what} is still {status or 'there'} {format_duration(waited)} after it was deleted; "
                f"run the command again, or raise {argument}"
            )
        context.log(f"deleting {what} ({status or 'waiting'}, {format_duration(waited)})", ephemeral=True)
        context.wait(pause)


def send_delete(delete: Callable[[], object], what: str, context: Context) -> bool:
    """Send a DELETE; give whether there was anything to delete. What was not there is told.

    Raises:
        ProviderError: it was last seen at another address or with another token, so it may be alive there.
    """
    try:
        delete()
    except NotFound:
        log_missing(what, context)
        return False
    note_found(context)
    return True


def _is_deleting(describe: Callable[[], Any], error: PressError) -> bool:
    """Tell whether a refusal only means that the object is being deleted already."""
    try:
        return bool(get(describe(), "metadata.status") == "deleting")
    except NotFound:
        return True
    except PressError:
        raise error from None
