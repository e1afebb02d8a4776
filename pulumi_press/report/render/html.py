"""Render a report as a self-contained HTML page: it loads nothing and runs no script."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment
from markupsafe import Markup, escape

from pulumi_press.output import escape_hidden
from pulumi_press.report.origin import Origin
from pulumi_press.report.render.lines import DRIFTED, Line, Untrusted, label, name_effect, to_text
from pulumi_press.report.render.sections import list_all, read_sections, read_title, read_verdict
from pulumi_press.report.render.tree import build_tree, count_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Template

    from pulumi_press.report.model import Report, StackReport

__all__ = ["render_html"]

NO_ORIGIN = Origin()
ARROW = escape("->")


def render_html(report: Report, origin: Origin = NO_ORIGIN) -> str:
    """Render a report as an HTML page.

    Args:
        report: the report.
        origin: the commit that it is about, and its date; what is not known is left out.

    Returns:
        The page, with its style sheet.

    Example:
        ```python
        Path("report.html").write_text(render_html(read_preview(Path("preview.json"))), encoding="utf-8")
        ```
    """
    stacks = [_read_stack(stack) for stack in report.stacks]
    compared = _compare(report) if len(stacks) > 1 else []
    return _template().render(stacks=stacks, compared=compared, origin=origin) + "\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(line=_write, lines=_split, shown=escape_hidden)
    environment.globals.update(tree=build_tree, count_left_out=count_left_out)
    return environment.from_string(resources.files(__package__ or "").joinpath("page.html").read_text(encoding="utf-8"))


def _read_stack(stack: StackReport) -> dict[str, object]:
    first, rest = read_verdict(stack)
    css_class = "bad" if stack.failed or any(outcome.is_destructive for outcome in stack.counts) else "calm"
    return {
        "title": escape_hidden(to_text(read_title(stack))),
        "name": escape_hidden(stack.name) or "a stack without a name",
        "first": first,
        "rest": rest,
        "css_class": css_class if not stack.is_quiet else "quiet",
        "sections": read_sections(stack),
        "listings": [listing for listing in list_all(stack) if listing.lines],
    }


@dataclass(frozen=True)
class Effect:
    """What happens to a resource in a stack.

    Args:
        kind: the outcome, or `drift`; empty: nothing that the report knows of.
        words: the same for people.
    """

    kind: str
    words: str


UNCHANGED = Effect("", "no change")
UNKNOWN = Effect("", "not known")


def _compare(report: Report) -> list[tuple[Line, list[list[Effect]]]]:
    """Return each resource that changes in a stack, with its effects in each stack.

    Several where it also drifted, or where resources of one name and type stand below different parents.
    """
    found: dict[Line, dict[int, dict[Effect, None]]] = {}
    for index, stack in enumerate(report.stacks):
        for resource, effect in _list_effects(stack):
            found.setdefault(resource, {}).setdefault(index, {})[effect] = None
    # Of an operation that failed, changes may be missing.
    others = [UNKNOWN if stack.failed else UNCHANGED for stack in report.stacks]
    return [
        (resource, [list(effects.get(index, [other])) for index, other in enumerate(others)])
        for resource, effects in found.items()
    ]


def _list_effects(stack: StackReport) -> Iterator[tuple[Line, Effect]]:
    for change in stack.changes:
        yield label(change), Effect(change.outcome.value, name_effect(change))
    for drift in stack.drift:
        yield label(drift), Effect(DRIFTED, DRIFTED)


def _write(line: Line) -> Markup:
    """Return a line with untrusted parts as code."""
    parts = [
        Markup("<code>{}</code>").format(escape_hidden(part.text)) if isinstance(part, Untrusted) else escape(part)
        for part in line
    ]
    # A browser would break a line within an arrow.
    return Markup("").join(parts).replace(ARROW, Markup('<span class="to">{}</span>').format(ARROW))


def _split(text: str) -> str:
    """Return a text of several lines with invisible characters escaped."""
    return "\n".join(map(escape_hidden, text.splitlines()))
