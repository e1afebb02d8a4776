"""Render a report as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.output import escape_hidden
from pulumi_press.report.model import Outcome
from pulumi_press.report.render.lines import DRIFTED, cut, describe_effect, describe_finding, name_effect, to_text
from pulumi_press.report.render.sections import read_title, read_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_press.report.model import Report, StackReport

__all__ = ["render_table"]

RED, GREEN, YELLOW, BLUE, BOLD = "31", "32", "33", "34", "1"
COLORS = {
    Outcome.DESTROY: RED,
    Outcome.REPLACE: RED,
    Outcome.RELEASE: BLUE,
    Outcome.REVISION: YELLOW,
    Outcome.ROLLOUT: YELLOW,
    Outcome.PARAMETERS: YELLOW,
    Outcome.PATCH: YELLOW,
    Outcome.CREATE: GREEN,
}
HEADINGS = ("EFFECT", "RESOURCE", "TYPE", "DRIFT")
LAST_HEADING = "WHAT HAPPENS"
NAME_WIDTH = 40
NARROWEST = 20
TEXT_LINES = 10


class Row(NamedTuple):
    """A row: short cells, then the description of the change."""

    cells: tuple[str, ...]
    what: str
    color: str


def render_table(report: Report, *, width: int | None = None, color: bool = False) -> str:
    """Render a report as a table.

    Args:
        report: the report.
        width: columns of the terminal, which rows are cut to; None to keep them whole.
        color: whether to use ANSI colours.

    Returns:
        A table for each stack, followed by its errors and warnings.

    Example:
        ```python
        print(render_table(report, width=shutil.get_terminal_size().columns, color=sys.stdout.isatty()))
        ```
    """
    return "\n".join("\n".join(_write_stack(stack, width, color=color)) + "\n" for stack in report.stacks)


def _write_stack(stack: StackReport, width: int | None, *, color: bool) -> Iterator[str]:
    first, rest = read_verdict(stack)
    title = escape_hidden(to_text(read_title(stack)))
    strong = RED if stack.failed or any(outcome.is_destructive for outcome in stack.counts) else BOLD
    yield f"{title}: {_paint(first, strong if color else '')}" + (f"; {rest}" if rest else "")
    rows = [*_list_changes(stack), *_list_drift(stack)]
    if rows:
        yield ""
        yield from _align(rows, width, color=color)
    for message in stack.messages:
        yield ""
        subject = f"{message.name} ({message.type}): " if message.name else ""
        line, *more = message.text.splitlines() or [""]
        hue = RED if message.severity == "error" else YELLOW
        yield _paint(message.severity, hue if color else "") + escape_hidden(f": {subject}{line}")
        yield from (f"  {escape_hidden(line)}" for line in more[-TEXT_LINES:])


def _list_changes(stack: StackReport) -> Iterator[Row]:
    drifted = {drift.urn for drift in stack.drift}
    for change in stack.changes:
        cells = (name_effect(change), change.name, change.type, "yes" if change.urn in drifted else "")
        yield Row(cells, to_text(describe_effect(change)), COLORS.get(change.outcome, ""))


def _list_drift(stack: StackReport) -> Iterator[Row]:
    """Yield the drift of resources without a change."""
    changed = {change.urn for change in stack.changes}
    for drift in stack.drift:
        if drift.urn not in changed:
            yield Row((DRIFTED, drift.name, drift.type, "yes"), to_text(describe_finding(drift)), YELLOW)


def _align(rows: Sequence[Row], width: int | None, *, color: bool) -> Iterator[str]:
    listed = [Row(HEADINGS, LAST_HEADING, BOLD), *rows]
    cells = [[cut(escape_hidden(cell), NAME_WIDTH) for cell in row.cells] for row in listed]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    room = None if width is None else max(width - sum(widths) - 2 * len(widths), NARROWEST)
    for row, texts in zip(listed, cells, strict=True):
        effect, *middle = (text.ljust(size) for text, size in zip(texts, widths, strict=True))
        what = escape_hidden(row.what)
        shown = what if room is None else cut(what, room)
        yield "  ".join([_paint(effect, row.color if color else ""), *middle, shown]).rstrip()


def _paint(text: str, color: str) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if color else text
