"""Reading the settings: the stack's configuration first, then the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.provider.errors import SettingsError
from pulumi_press.settings import ADDRESS, SETTINGS, TOKEN, Setting, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["find_value", "read_settings"]


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
