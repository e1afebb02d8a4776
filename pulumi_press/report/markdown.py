"""A report as Markdown, for a comment on a pull request."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from pulumi_press.printable import escape_hidden
from pulumi_press.report.fitting import Block, fit
from pulumi_press.report.sections import TEXT_WIDTH, Item, Section, list_all, read_sections, read_title, read_verdict
from pulumi_press.report.values import cut
from pulumi_press.report.words import Given, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.report.listings import Listing
    from pulumi_press.report.report import Report, StackReport

__all__ = ["LIMIT", "SMALLEST", "marker", "render_markdown"]

LIMIT = 65_000
"""GitHub takes comments of 65,536 characters."""

LONGEST_MARKER = 1_000
TEXT_LINES = 40
SMALLEST = 1_000

URGENT, NORMAL, LATER = range(3)


def render_markdown(report: Report, limit: int = LIMIT) -> str:
    """Write a report as Markdown, as GitHub and GitLab read it.

    What does not fit is left out section by section, item by item, the full diff first; how much, is told.

    Args:
        report: the report.
        limit: length in characters that it never exceeds; at least 1,000.

    Returns:
        The text. Its first line is `marker(report)`.

    Raises:
        ValueError: the limit is too small.

    Example:
        ```python
        Path("comment.md").write_text(render_markdown(read_preview(Path("preview.json"))))
        ```
    """
    if limit < SMALLEST:
        raise ValueError(f"a report needs {SMALLEST} characters")
    start = marker(report) + "\n"
    blocks = [block for stack in report.stacks for block in _write_stack(stack)]
    return start + fit(blocks, limit - len(start))


def marker(report: Report) -> str:
    """Give the hidden line that a comment on these stacks is known by.

    It is `<!-- pulumi-press: project/stack -->`; several stacks are separated by commas, in their order.

    Args:
        report: the report.

    Example:
        ```python
        mine = [comment for comment in comments if comment.body.startswith(marker(report))]
        ```
    """
    # Percent-encoded, so that no name ends the comment.
    names = ", ".join(quote(stack.name, safe="/", errors="replace") for stack in report.stacks)
    if len(names) > LONGEST_MARKER:
        names = hashlib.sha256(names.encode()).hexdigest()
    return f"<!-- pulumi-press: {names} -->"


def _write_stack(stack: StackReport) -> Iterator[Block]:
    first, rest = read_verdict(stack)
    if stack.is_quiet:
        name = f"{_code(stack.name)}: " if stack.name else ""
        yield Block(f"**{name}{first}**" + (f" ({rest})" if rest else ""), priority=URGENT)
        return
    verdict = f"**{first}**" + (f"; {rest}" if rest else "")
    yield Block(f"### {_write(read_title(stack))}\n\n{verdict}", priority=URGENT)
    for section in read_sections(stack):
        yield _write_section(section)
    listings = [listing for listing in list_all(stack) if listing.lines]
    if listings:
        yield Block(
            "<details>\n<summary>Full diff</summary>",
            items=tuple(map(_write_listing, listings)),
            closing="</details>",
            priority=LATER,
        )


def _write_section(section: Section) -> Block:
    return Block(f"#### {section.title}", items=tuple(map(_write_item, section.items)), tight=True)


def _write_item(item: Item) -> str:
    lines = [f"- {_write(item.line)}", *(f"  - {_write(detail)}" for detail in item.details)]
    if item.text:
        lines += ["", *(f"  {line}".rstrip() for line in _fence(_split(item.text), "text")), ""]
    return "\n".join(lines)


def _split(text: str) -> list[str]:
    lines = [cut(escape_hidden(line), TEXT_WIDTH) for line in text.splitlines()]
    if len(lines) > TEXT_LINES:
        # Of a traceback the end says what is wrong.
        lines = [*lines[: TEXT_LINES // 2], f"... {len(lines) - TEXT_LINES} more lines ...", *lines[-TEXT_LINES // 2 :]]
    return lines


def _write_listing(listing: Listing) -> str:
    return "\n".join([_write(listing.title), "", *_fence(list(listing.lines), "diff")])


def _write(line: Line) -> str:
    return "".join(_code(part.text) if isinstance(part, Given) else part for part in line)


def _code(text: str) -> str:
    """Write a text as code: nothing in it is markup then, whatever it is."""
    text = escape_hidden(text)
    ticks = "`" * (_longest_run(text) + 1)
    # A blank at both ends is taken away again, so that a text may begin or end with a tick or a blank.
    padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{ticks}{padding}{text or ' '}{padding}{ticks}"


def _fence(lines: list[str], language: str) -> list[str]:
    ticks = "`" * max(3, *(_longest_run(line) + 1 for line in lines), 3)
    return [f"{ticks}{language}", *lines, ticks]


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
