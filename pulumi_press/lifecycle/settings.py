"""Where the service is and how to talk to it: the stack's configuration first, then the environment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from pulumi_press.api import InvalidArgument, base_url
from pulumi_press.api.token import Token
from pulumi_press.lifecycle.errors import SettingsError
from pulumi_press.schema import Adopt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Adopt", "Drift", "Marks", "Settings", "Validate", "read_settings"]

Drift = Literal["revert", "adopt", "report"]
Validate = Literal["local", "server"]
Marks = Literal["none", "owner"]
T = TypeVar("T")

TOKEN_VARIABLES = ("PEAK_AUTH_TOKEN", "API_KEY")
STAGE_VARIABLES = ("PEAK__STAGE", "STAGE")
ENDPOINT_VARIABLES = ("PRESS_ENDPOINT",)


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
    mistakes: list[str] = []

    def attempt(read: Callable[[], T], default: T) -> T:
        try:
            return read()
        except SettingsError as error:
            mistakes.extend(error.mistakes)
            return default

    def find(key: str, variables: tuple[str, ...]) -> tuple[str | None, str]:
        value = config(key)
        if value:
            return value, key
        return next(((environment[name], name) for name in variables if environment.get(name)), (None, ""))

    token, source = find("press:authToken", TOKEN_VARIABLES)
    endpoint, place = find("press:endpoint", ENDPOINT_VARIABLES)
    stage = None
    if endpoint is None:
        stage, place = find("press:stage", STAGE_VARIABLES)
    attempt(lambda: _judge(place, lambda: base_url(endpoint, stage)), None)
    settings = Settings(
        auth_token=attempt(lambda: _judge_token(token, source), ""),
        token_source=source,
        endpoint=endpoint,
        stage=stage,
        timeout=attempt(lambda: _number(config, "press:timeout", Settings.timeout, least=0.001), Settings.timeout),
        max_retries=attempt(
            lambda: int(_number(config, "press:maxRetries", Settings.max_retries, least=0, whole=True)),
            Settings.max_retries,
        ),
        adopt=attempt(lambda: _choose(config, "press:adopt", get_args(Adopt)), Settings.adopt),
        drift=attempt(lambda: _choose(config, "press:drift", get_args(Drift)), Settings.drift),
        validate=attempt(lambda: _choose(config, "press:validate", get_args(Validate)), Settings.validate),
        marks=attempt(lambda: _choose(config, "press:marks", get_args(Marks)), Settings.marks),
        default_tags=attempt(lambda: _read_tags(config("press:defaultTags")), Settings.default_tags),
    )
    if mistakes:
        raise SettingsError(*mistakes)
    return settings


def _judge_token(token: str | None, source: str) -> str:
    if token is None:
        raise SettingsError(
            "press:authToken is not set: run `pulumi config set press:authToken --secret`, "
            f"or set the environment variable {' or '.join(TOKEN_VARIABLES)}"
        )
    _judge(source, lambda: Token(token))
    return token


def _judge(source: str, check: Callable[[], object]) -> None:
    """Let the client's own rules say whether a value can be used."""
    try:
        check()
    except InvalidArgument as error:
        raise SettingsError(f"{source}: {error}") from None


def _number(
    config: Callable[[str], str | None], key: str, default: float, *, least: float, whole: bool = False
) -> float:
    text = config(key)
    if not text:
        return default
    wanted = "a whole number of at least 0" if whole else "a number of seconds above 0"
    try:
        number = float(text)
    except ValueError:
        raise SettingsError(f"{key} must be {wanted}, not {text!r}") from None
    if not least <= number < float("inf") or (whole and not number.is_integer()):
        raise SettingsError(f"{key} must be {wanted}, not {text!r}")
    return number


def _choose(config: Callable[[str], str | None], key: str, choices: tuple[T, ...]) -> T:
    """Give the chosen word; the first one is the default."""
    text = config(key)
    if not text:
        return choices[0]
    for choice in choices:
        if text == choice:
            return choice
    raise SettingsError(f"{key} must be one of {', '.join(map(str, choices))}, not {text!r}")


def _read_tags(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    try:
        tags = json.loads(text)
    except ValueError:
        tags = None
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
        raise SettingsError('press:defaultTags must be a list of texts, such as ["team-a"], as JSON')
    return tuple(tags)
