"""Reading the settings, and the place that they lead to: an object may have been seen elsewhere."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.request import base_url
from pulumi_press.provider.context import Place
from pulumi_press.provider.errors import ProviderError, SettingsError
from pulumi_press.settings import ADDRESS, SETTINGS, TOKEN, Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_press.provider.context import Context

__all__ = [
    "describe_absence",
    "find_value",
    "is_elsewhere",
    "log_missing",
    "note_found",
    "place_of",
    "read_place",
    "read_settings",
]


def read_settings(config: Callable[[str], str | None], environment: Mapping[str, str]) -> Settings:
    """Return the settings.

    Args:
        config: returns the value of a key such as `press:authToken` in the stack's configuration, or None.
        environment: the environment's variables.

    Raises:
        SettingsError: some are missing or invalid; the message names each and says how to set it.
    """
    values: dict[str, Any] = {"token_source": ""}
    failures: list[str] = []
    for setting in SETTINGS:
        text, source = find_value(setting, config, environment)
        if text is None or (setting in ADDRESS and not values.keys().isdisjoint(_ADDRESS_FIELDS)):
            continue
        if setting is TOKEN:
            values["token_source"] = source
        # Set even where it is invalid: an invalid endpoint is no reason to use the stage.
        values[setting.field] = None
        try:
            values[setting.field] = setting.parse(text)
        except InvalidArgument as error:
            failures.append(f"{source}: {error}")
        except ValueError as error:
            failures.append(f"{source} {error}")
    if not values["token_source"]:
        failures.insert(
            0,
            f"{TOKEN.key} is not set: run `pulumi config set {TOKEN.key} --secret`, "
            f"or set the environment variable {' or '.join(TOKEN.variables)}",
        )
    if failures:
        raise SettingsError(*failures)
    return Settings(**values)


def find_value(
    setting: Setting, config: Callable[[str], str | None], environment: Mapping[str, str]
) -> tuple[str | None, str]:
    """Return the value of a setting and the key or variable that holds it; None if none does, or only an empty text."""
    places = [(setting.key, config(setting.key)), *((name, environment.get(name)) for name in setting.variables)]
    return next(((value, place) for place, value in places if value), (None, ""))


_ADDRESS_FIELDS = frozenset(setting.field for setting in ADDRESS)


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
