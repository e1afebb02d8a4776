"""Turn what a page shows into HTML."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pulumi_press.emulator.pages.differences import pretty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

__all__ = ["render"]

KINDS: Final = {
    "good": ("deployed", "available"),
    "busy": ("deploying", "redeploying", "deleting", "rollback", "under way"),
    "warn": ("warning", "unavailable", "rollback_complete"),
    "bad": ("failed", "delete_failed", "platform_resource_error", "rollback_failed", "no answer"),
}
"""Statuses of objects and calls by what they mean to a reader."""

REFUSED, FAILED = 400, 500
KIB: Final = 1024
LONGEST: Final = 20_000
"""Characters of a JSON value or a text, at most; the rest is counted."""

ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that cannot be seen, or that turn the text around them; those that join emoji or letters are no such."""


def render(name: str, content: Mapping[str, Any]) -> str:
    """Return a page.

    Args:
        name: name of its template.
        content: its values by name.
    """
    return _template(name).render(content)


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pulumi_press.emulator.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_write,
    )
    environment.filters.update(
        clock=_clock,
        indent_json=_indent,
        kind_of_status=_kind_of_status,
        moment=_moment,
        pretty=_pretty,
        short_ids=_shorten_ids,
        size=_size,
    )
    environment.globals["what_runs"] = _what_runs
    return environment


def _write(value: object) -> object:
    """Return a value as it is shown: nothing for None, and an escape for each character that cannot be seen."""
    if value is None:
        return ""
    return value if isinstance(value, Markup) else HIDDEN.sub(_escape, str(value))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _moment(text: str) -> str:
    return text.replace("T", " ").partition(".")[0]


def _clock(text: str) -> str:
    return text.partition("T")[2].partition(".")[0]


def _shorten_ids(text: str) -> str:
    return ID.sub(lambda match: f"{match[0][:8]}\N{HORIZONTAL ELLIPSIS}", text)


def _size(count: int) -> str:
    return f"{count} B" if count < KIB else f"{count / KIB:,.1f} KiB"


def _pretty(value: Any) -> str:
    return _cut(pretty(value))


def _indent(text: str) -> str:
    """Return compact JSON on several lines, unless it is long."""
    return _pretty(json.loads(text)) if len(text) <= LONGEST else _cut(text)


def _cut(text: str) -> str:
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]}\n... {more:,} more characters"


def _kind_of_status(status: str | int) -> str:
    """Return the meaning of a status of an object, or of a response."""
    if isinstance(status, int):
        return "good" if status < REFUSED else "warn" if status < FAILED else "bad"
    return next((kind for kind, statuses in KINDS.items() if status in statuses), "dull")


def _what_runs(config: Mapping[str, Any]) -> str:
    steps = config.get("steps")
    return ", ".join(steps) if isinstance(steps, dict) else str(config.get("serviceType", "web-app"))
