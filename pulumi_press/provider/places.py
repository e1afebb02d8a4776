"""Where an object was last seen: at which address, and with which token.

The state keeps that with each object, so that another run, with other settings, can tell a block that is gone from one
that is only out of its reach.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pulumi_press.client.request import base_url
from pulumi_press.provider.context import Place
from pulumi_press.provider.errors import ProviderError

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context
    from pulumi_press.settings import Settings

__all__ = ["describe_absence", "is_elsewhere", "log_missing", "note_found", "place_of", "read_place"]

DIGITS = 4
"""Hexadecimal digits of a token's digest: enough to see that it is another one, and too few to find out which."""


def place_of(settings: Settings) -> Place:
    """Return the place that the settings lead to."""
    digest = hashlib.sha256(settings.auth_token.reveal().encode()).hexdigest()
    return Place(base_url(settings.endpoint, settings.stage), digest[:DIGITS])


def read_place(value: Any) -> Place | None:
    """Read a place as the state has it; None where it has none, as in states of earlier versions."""
    known = isinstance(value, dict) and all(isinstance(value.get(name), str) for name in Place._fields)
    return Place(**{name: value[name] for name in Place._fields}) if known else None


def is_elsewhere(context: Context) -> bool:
    """Return whether the object was last seen at another place that is not known to be this one."""
    seen = context.seen
    return seen is not None and seen != place_of(context.settings()) and seen not in context.cache.places


def note_found(context: Context) -> None:
    """Remember that an object is here: its place is this one, by another name or with another token."""
    if context.seen is not None:
        context.cache.places.add(context.seen)


def describe_absence(what: str, context: Context) -> str:
    """Return that an object is not here, and where it was last seen if that was elsewhere."""
    here, seen = place_of(context.settings()), context.seen
    absent = f"{what} is not at {here.address}"
    if not is_elsewhere(context) or seen is None:
        return absent
    if seen.address == here.address:
        return f"{absent} for this token; it was last seen with another token, perhaps another tenant's"
    return f"{absent}; it was last seen at {seen.address}"


def log_missing(what: str, context: Context) -> None:
    """Log that an object which is to be deleted is not here.

    Raises:
        ProviderError: it was last seen elsewhere, so it may still exist there.
    """
    absence = describe_absence(what, context)
    if is_elsewhere(context):
        raise ProviderError(
            f"{absence} and may still exist there, so nothing was deleted. Run the command again with the settings "
            "used before; if it is gone for good, run `pulumi refresh`, which forgets it"
        )
    context.log(f"{absence}, so nothing was deleted")
