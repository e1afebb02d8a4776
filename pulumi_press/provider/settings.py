"""Where the service is and how to talk to it: the stack's configuration first, then the environment."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.request import base_url
from pulumi_press.client.token import Token
from pulumi_press.provider.errors import SettingsError
from pulumi_press.schema.plain import Adopt
from pulumi_press.settings import ADDRESS, SETTINGS, TOKEN, Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Adopt", "Drift", "Marks", "Settings", "Validate", "find_value", "read_settings"]

Drift = Literal["revert", "adopt", "report"]
Validate = Literal["local", "server"]
Marks = Literal["none", "owner"]

TOKEN_VARIABLES, ENDPOINT_VARIABLES, STAGE_VARIABLES = (setting.variables for setting in (TOKEN, *ADDRESS))

SHORTEST = 0.001
"""Seconds: a shorter timeout lets no answer arrive."""


@dataclass(frozen=True)
class Settings:
    """How to reach Press, and as whom.

    Two equal settings share one client. The token never shows in `repr`.
    """

    auth_token: str = field(repr=False)
    """Sent as the `Authorization` header, exactly as given."""
    token_source: str = field(compare=False)
    """Where the token came from, for people: `press:authToken` or the variable's name."""
    endpoint: str | None = None
    """Address of the service; wins over `stage`."""
    stage: str | None = None
    """Stage of the platform, such as `prod`."""
    timeout: float = 60.0
    """Seconds to wait for an answer."""
    max_retries: int = 3
    """Tries after the first."""
    adopt: Adopt = "never"
    """Whether a block that exists already is taken over."""
    drift: Drift = "revert"
    """What a revision that somebody else made leads to."""
    validate: Validate = "local"
    """Whether a preview also asks the service to validate what changed."""
    marks: Marks = "none"
    """Whether what is made carries a mark of the stack that made it."""
    default_tags: tuple[str, ...] = ()
    """Tags that every spec and deployment gets beside its own."""


def read_settings(config: Callable[[str], str | None], environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        config: gives the value of a key such as `press:authToken` in the stack's configuration, or None.
        environment: the environment's variables.

    Raises:
        SettingsError: some are missing or make no sense; the message names each and says how to set it.
    """
    values: dict[str, Any] = {"auth_token": "", "token_source": ""}
    failures: list[str] = []
    for setting in SETTINGS:
        text, source = find_value(setting, config, environment)
        if text is None or (setting in ADDRESS and not values.keys().isdisjoint(_ADDRESS_FIELDS)):
            continue
        if setting is TOKEN:
            values["token_source"] = source
        # Also where it makes no sense: an endpoint that does not is no reason to go where the stage leads.
        values[setting.field] = None
        try:
            values[setting.field] = _READERS[setting.field](source, text)
        except SettingsError as error:
            failures.extend(error.failures)
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
    """Give the value of a setting and the key or variable that it is from; None where it is nowhere, or empty."""
    places = [(setting.key, config(setting.key)), *((name, environment.get(name)) for name in setting.variables)]
    return next(((value, place) for place, value in places if value), (None, ""))


def _read_token(source: str, text: str) -> str:
    _judge(source, lambda: Token(text))
    return text


def _read_endpoint(source: str, text: str) -> str:
    _judge(source, lambda: base_url(text))
    return text


def _read_stage(source: str, text: str) -> str:
    _judge(source, lambda: base_url(None, text))
    return text


def _judge(source: str, check: Callable[[], object]) -> None:
    """Let the client's own rules say whether a value can be used."""
    try:
        check()
    except InvalidArgument as error:
        raise SettingsError(f"{source}: {error}") from None


def _read_seconds(source: str, text: str) -> float:
    number = _number(text)
    if number is None or not number >= SHORTEST:
        raise SettingsError(f"{source} must be a number of seconds above 0, not {text!r}")
    return number


def _read_count(source: str, text: str) -> int:
    number = _number(text)
    if number is None or number < 0 or not number.is_integer():
        raise SettingsError(f"{source} must be a whole number of at least 0, not {text!r}")
    return int(number)


def _number(text: str) -> float | None:
    """Read a finite number; None where it is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _choice(*choices: str) -> Callable[[str, str], str]:
    def read(source: str, text: str) -> str:
        if text not in choices:
            raise SettingsError(f"{source} must be one of {', '.join(choices)}, not {text!r}")
        return text

    return read


def _read_tags(source: str, text: str) -> tuple[str, ...]:
    try:
        tags = json.loads(text)
    except ValueError:
        tags = None
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
        raise SettingsError(f'{source} must be a list of texts, such as ["team-a"], as JSON')
    return tuple(tags)


_READERS: Mapping[str, Callable[[str, str], object]] = {
    "auth_token": _read_token,
    "endpoint": _read_endpoint,
    "stage": _read_stage,
    "timeout": _read_seconds,
    "max_retries": _read_count,
    "adopt": _choice(*get_args(Adopt)),
    "drift": _choice(*get_args(Drift)),
    "validate": _choice(*get_args(Validate)),
    "marks": _choice(*get_args(Marks)),
    "default_tags": _read_tags,
}
"""What reads each setting's text: given the key or variable that it is from, which a refusal names."""

_ADDRESS_FIELDS = frozenset(setting.field for setting in ADDRESS)
