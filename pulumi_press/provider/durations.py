"""Durations as people write them: `90s`, `20m`, `1h30m`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from pulumi_press.provider.values import Values

__all__ = ["DELETE_TIMEOUT", "ROLLOUT_TIMEOUT", "find_limit", "format_duration", "parse_duration"]

ROLLOUT_TIMEOUT = "20m"
"""How long a rollout may take unless `timeouts` says otherwise."""

DELETE_TIMEOUT = "10m"
"""How long a deletion may take unless `timeouts` says otherwise."""

_PATTERN = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def parse_duration(text: str) -> int:
    """Read a duration into seconds.

    Raises:
        ValueError: the text is not a duration; the message says what one looks like.
    """
    match = _PATTERN.fullmatch(text.strip())
    if not match or not any(match.groups()):
        raise ValueError(f"{text!r} is not a duration; write one like 90s, 20m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def find_limit(values: Values, operation: str, requested: float | None, default: str) -> tuple[float, str]:
    """Give the seconds that an operation may take, and the argument that sets them.

    Args:
        values: the inputs or outputs; their `timeouts` come first.
        operation: `create`, `update` or `delete`.
        requested: the seconds that the engine's request asks for: Pulumi's `custom_timeouts`.
        default: what holds where neither says anything.
    """
    given = get(values, f"timeouts.{operation}")
    if not given and requested:
        return requested, f"custom_timeouts.{operation}"
    return parse_duration(given or default), f"timeouts.{operation}"


def format_duration(seconds: float) -> str:
    """Write seconds as people do: 5400 -> `1h30m`."""
    whole = round(seconds)
    parts = [(whole // 3600, "h"), (whole % 3600 // 60, "m"), (whole % 60, "s")]
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"
