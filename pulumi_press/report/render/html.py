"""Render a report as a self-contained HTML page: it loads nothing and runs no script."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment
from markupsafe import Markup, escape

from pulumi_press.output import escape_hidden
from pulumi_press.report.render.lines import Line, Untrusted, to_text
from pulumi_press.report.render.sections import list_all, read_sections, read_title, read_verdict

if TYPE_CHECKING:
    from jinja2 import Template

    from pulumi_press.report.model import Report, StackReport

__all__ = ["render_html"]


def render_html(report: Report) -> str:
    """Render a report as an HTML page.

    Args:
        report: the report.

    Returns:
        The page, with its style sheet.

    Example:
        ```python
        Path("report.html").write_text(render_html(read_preview(Path("preview.json"))), encoding="utf-8")
        ```
    """
    return _template().render(stacks=[_read_stack(stack) for stack in report.stacks]) + "\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(line=_write, lines=_split)
    return environment.from_string(resources.files(__package__ or "").joinpath("page.html").read_text(encoding="utf-8"))


def _read_stack(stack: StackReport) -> dict[str, object]:
    first, rest = read_verdict(stack)
    css_class = "bad" if stack.failed or any(outcome.is_destructive for outcome in stack.counts) else "calm"
    return {
        "title": escape_hidden(to_text(read_title(stack))),
        "first": first,
        "rest": rest,
        "css_class": css_class if not stack.is_quiet else "quiet",
        "sections": read_sections(stack),
        "listings": [listing for listing in list_all(stack) if listing.lines],
    }


def _write(line: Line) -> Markup:
    """Return a line with untrusted parts as code."""
    parts = [
        Markup("<code>{}</code>").format(escape_hidden(part.text)) if isinstance(part, Untrusted) else escape(part)
        for part in line
    ]
    return Markup("").join(parts)


def _split(text: str) -> str:
    """Return a text of several lines with invisible characters escaped."""
    return "\n".join(map(escape_hidden, text.splitlines()))
