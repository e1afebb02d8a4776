"""The settings: one table with the name, parser, environment variables, default and meaning of each.

`Provider`, the stack's configuration, the environment and the documentation all read it. Programs load it at their
start, so it imports nothing that takes time.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pulumi_press.client.token import Token
    from pulumi_press.schema.plain import Adopt

__all__ = [
    "ADDRESS",
    "NAMESPACE",
    "SETTINGS",
    "TOKEN",
    "Drift",
    "Marks",
    "Setting",
    "Settings",
    "Validate",
    "find_wrong_keys",
]

NAMESPACE = "press"
"""The namespace of the settings in a stack's configuration."""

ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "pluginChecksums"})
"""Keys that the engine itself knows in the namespace of any package."""

SHORTEST_TIMEOUT = 0.001
"""Seconds: no response arrives within a shorter timeout."""

Drift = Literal["revert", "adopt", "report"]
Validate = Literal["local", "server"]
Marks = Literal["none", "owner"]


class Parser(NamedTuple):
    """How the text of a setting is read.

    `parse` raises a ValueError whose message continues `<setting> ...`, or the client's `InvalidArgument`, whose
    message stands by itself.
    """

    parse: Callable[[str], object]
    """Return the value that a text stands for."""
    schema: Mapping[str, Any]
    """JSON Schema of the value."""


def _parse_token(text: str) -> Token:
    from pulumi_press.client.token import Token  # A program that only declares resources reads no token.

    return Token(text)


def _parse_endpoint(text: str) -> str:
    from pulumi_press.client.request import base_url  # As above.

    base_url(text)
    return text


def _parse_stage(text: str) -> str:
    from pulumi_press.client.request import base_url  # As above.

    base_url(None, text)
    return text


def _parse_seconds(text: str) -> float:
    number = _parse_number(text)
    if number is None or not number >= SHORTEST_TIMEOUT:
        raise ValueError(f"must be a number of seconds above 0, not {text!r}")
    return number


def _parse_count(text: str) -> int:
    number = _parse_number(text)
    if number is None or number < 0 or not number.is_integer():
        raise ValueError(f"must be a whole number of at least 0, not {text!r}")
    return int(number)


def _parse_number(text: str) -> float | None:
    """Return a finite number, or None if the text is not one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _parse_tags(text: str) -> tuple[str, ...]:
    try:
        tags = json.loads(text)
    except ValueError:
        tags = None
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
        raise ValueError('must be a list of texts, such as ["team-a"], as JSON')
    return tuple(tags)


def _one_of(*choices: str) -> Parser:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {text!r}")
        return text

    return Parser(parse, {"type": "string", "enum": list(choices)})


def _parse_switch(text: str) -> bool:
    # A provider's argument arrives as Python writes it.
    if text.lower() not in ("true", "false"):
        raise ValueError(f"must be true or false, not {text!r}")
    return text.lower() == "true"


_TEXT = {"type": "string"}
_SWITCH = Parser(_parse_switch, {"type": "boolean"})
_TAGS = Parser(_parse_tags, {"type": "array", "items": _TEXT})
_ADOPT = _one_of("never", "identical", "always")  # Those of `Adopt`, whose module a program does not load.


def _row(parser: Parser, help: str, *, variables: tuple[str, ...] = (), secret: bool = False) -> dict[str, Any]:  # noqa: A002  # As argparse calls it.
    return {**parser._asdict(), "help": help, "variables": variables, "secret": secret}


@dataclass(frozen=True)
class Settings:
    """The table, and the values of one stack or provider. Two equal settings share one client."""

    auth_token: Token = field(
        metadata=_row(
            Parser(_parse_token, _TEXT),
            "Sent as the `Authorization` header, exactly as given.",
            variables=("PEAK_AUTH_TOKEN", "API_KEY"),
            secret=True,
        )
    )
    token_source: str = field(compare=False)
    """No setting: where the token was found, `press:authToken` or the variable's name."""
    endpoint: str | None = field(
        default=None,
        metadata=_row(
            Parser(_parse_endpoint, _TEXT),
            "Address of the service; wins over `stage`.",
            variables=("PRESS_ENDPOINT",),
        ),
    )
    stage: str | None = field(
        default=None,
        metadata=_row(
            Parser(_parse_stage, _TEXT),
            "Stage of the platform, such as `prod`.",
            variables=("PEAK__STAGE", "STAGE"),
        ),
    )
    timeout: float = field(
        default=60.0, metadata=_row(Parser(_parse_seconds, {"type": "number"}), "Seconds to wait for a response.")
    )
    max_retries: int = field(
        default=3, metadata=_row(Parser(_parse_count, {"type": "integer"}), "Retries after the first attempt.")
    )
    adopt: Adopt = field(default="never", metadata=_row(_ADOPT, "Whether a block that exists already is taken over."))
    drift: Drift = field(
        default="revert",
        metadata=_row(_one_of(*get_args(Drift)), "What a revision that somebody else made leads to."),
    )
    validate: Validate = field(
        default="local",
        metadata=_row(
            _one_of(*get_args(Validate)), "Whether a preview also asks the service to validate what changed."
        ),
    )
    marks: Marks = field(
        default="none",
        metadata=_row(_one_of(*get_args(Marks)), "Whether blocks are marked with the stack that made them."),
    )
    default_tags: tuple[str, ...] = field(
        default=(), metadata=_row(_TAGS, "Tags that every spec and deployment gets beside its own.")
    )
    refresh_before_update: bool = field(
        default=False,
        metadata=_row(
            _SWITCH,
            "Whether each object is read before every preview and update. For the native plugin only.",
        ),
    )


class Setting(NamedTuple):
    """A row of the table."""

    field: str
    """Name in `Settings`, and of the argument of `Provider`."""
    parse: Callable[[str], object]
    """Return the value that a text stands for; see `Parser`."""
    schema: Mapping[str, Any]
    """JSON Schema of the value."""
    default: Any
    """Value where nothing is set; None where there is none."""
    variables: tuple[str, ...]
    """Environment variables that are read after the configuration, in this order."""
    secret: bool
    """Whether the value must never be shown."""
    help: str
    """What it means, in one sentence."""

    @property
    def key(self) -> str:
        """Its key in the configuration, such as `press:authToken`."""
        return f"{NAMESPACE}:{self.name}"

    @property
    def name(self) -> str:
        """Its name in that namespace, such as `authToken`."""
        return re.sub("_(.)", lambda match: match[1].upper(), self.field)


SETTINGS = tuple(
    Setting(item.name, default=None if item.default is MISSING else item.default, **item.metadata)
    for item in fields(Settings)
    if item.metadata
)
"""The rows, in the order of the documentation."""

TOKEN = SETTINGS[0]

ADDRESS = SETTINGS[1:3]
"""The two settings that say where the service is, `endpoint` and `stage`; the first wins."""


def find_wrong_keys(keys: Iterable[str], project: str) -> Iterator[str]:
    """Yield what is wrong with each key of a stack's configuration that is meant for this package and is no setting.

    Args:
        keys: all keys of the configuration.
        project: the project's name; the keys in its namespace are the program's own.
    """
    known = {setting.key for setting in SETTINGS}
    for key in sorted(keys):
        namespace, _, name = key.partition(":")
        if key in known or namespace == project or not name or _fold(namespace) not in _NAMESPACES:
            continue
        # Another spelling of the namespace may be another package's, unless the name is like a setting's.
        nearest = _find_nearest(name)
        is_ours = namespace == NAMESPACE and name not in ENGINE_KEYS
        if is_ours or (namespace != NAMESPACE and nearest):
            advice = f"did you mean {nearest}?" if nearest else f"the settings are {', '.join(sorted(known))}."
            yield f"{key} is not a setting; {advice} Remove it with `pulumi config rm {key}`"


_NAMESPACES = frozenset({NAMESPACE, f"pulumi{NAMESPACE}", f"peak{NAMESPACE}"})


def _fold(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _find_nearest(name: str) -> str:
    """Return the key of the setting whose name is nearest; empty if none is near."""
    from pulumi_press.schema.failures import find_nearest  # Only where something is wrong.

    keys = {setting.key.partition(":")[2]: setting.key for setting in SETTINGS}
    return keys.get(find_nearest(name, keys) or "", "")
