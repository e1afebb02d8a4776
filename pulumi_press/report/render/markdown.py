"""Render a report as Markdown, for a comment on a pull request."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from pulumi_press.output import escape_hidden
from pulumi_press.report.render.lines import Line, Untrusted, cut
from pulumi_press.report.render.sections import (
    TEXT_WIDTH,
    Item,
    Section,
    list_all,
    list_files,
    read_sections,
    read_title,
    read_verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_press.report.model import Report, StackReport
    from pulumi_press.report.render.sections import Listing

__all__ = ["LIMIT", "SMALLEST", "marker", "render_markdown"]

LIMIT = 65_000
"""Characters of a comment, at most; GitHub accepts 65,536."""

LONGEST_MARKER = 1_000
TEXT_LINES = 40
SMALLEST = 1_000

URGENT, NORMAL, LATER = range(3)


def render_markdown(report: Report, limit: int = LIMIT) -> str:
    """Render a report as Markdown for GitHub and GitLab.

    What exceeds the limit is left out in whole items and counted: the full diff first, then items from the end.

    Args:
        report: the report.
        limit: maximum length in characters, at least 1,000.

    Returns:
        The Markdown. Its first line is `marker(report)`.

    Raises:
        ValueError: the limit is below 1,000.

    Example:
        ```python
        Path("comment.md").write_text(render_markdown(read_preview(Path("preview.json"))))
        ```
    """
    if limit < SMALLEST:
        raise ValueError(f"limit must be at least {SMALLEST} characters")
    start = marker(report) + "\n"
    blocks = [block for stack in report.stacks for block in _write_stack(stack)]
    return start + fit(blocks, limit - len(start))


def marker(report: Report) -> str:
    """Return the hidden first line, by which a bot finds its comment on these stacks.

    It is `<!-- pulumi-press: project/stack -->`, with commas between several stacks.

    Args:
        report: the report.

    Example:
        ```python
        mine = [comment for comment in comments if comment.body.startswith(marker(report))]
        ```
    """
    # Percent-encoded, so that no name can end the comment.
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
    lines = [f"- {_write(item.line)}", *(f"  - {_write(line)}" for line in (*item.details, *list_files(item.files)))]
    if item.text:
        lines += ["", *(f"  {line}".rstrip() for line in _fence(_split(item.text), "text")), ""]
    return "\n".join(lines)


def _split(text: str) -> list[str]:
    lines = [cut(escape_hidden(line), TEXT_WIDTH) for line in text.splitlines()]
    if len(lines) > TEXT_LINES:
        # The end of a traceback has the error.
        lines = [*lines[: TEXT_LINES // 2], f"... {len(lines) - TEXT_LINES} more lines ...", *lines[-TEXT_LINES // 2 :]]
    return lines


def _write_listing(listing: Listing) -> str:
    return "\n".join([_write(listing.title), "", *_fence(list(listing.lines), "diff")])


def _write(line: Line) -> str:
    return "".join(_code(part.text) if isinstance(part, Untrusted) else part for part in line)


def _code(text: str) -> str:
    """Return a text as inline code, which it cannot break out of."""
    text = escape_hidden(text)
    ticks = "`" * (_longest_run(text) + 1)
    # Markdown strips one blank at both ends, so a text can start or end with a backtick or a blank.
    padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{ticks}{padding}{text or ' '}{padding}{ticks}"


def _fence(lines: list[str], language: str) -> list[str]:
    ticks = "`" * max(3, *(_longest_run(line) + 1 for line in lines), 3)
    return [f"{ticks}{language}", *lines, ticks]


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


GAP = "\n\n"
COUNT_WIDTH = len("- and 1,000,000 more ...") + len(GAP)
REST = "and {} more sections ..."
REST_WIDTH = len(REST) + 12


@dataclass(frozen=True)
class Block:
    """A part of the Markdown: an opening, items that may be left out, and a closing."""

    opening: str
    items: tuple[str, ...] = ()
    closing: str = ""
    priority: int = 1
    """Blocks with higher numbers are left out first."""
    tight: bool = False
    """Whether the items form a list, without blank lines."""

    @property
    def gap(self) -> str:
        """The separator of items."""
        return "\n" if self.tight else GAP

    @property
    def frame(self) -> int:
        """Length without items, but with their count."""
        return len(self.opening) + len(self.closing) + COUNT_WIDTH + 3 * len(GAP)

    def write(self, shown: int) -> str:
        """Return the block with some of its items and the count of the rest."""
        items = list(self.items[:shown])
        if shown < len(self.items):
            rest = f"and {len(self.items) - shown:,} more ..."
            items.append(f"- {rest}" if self.tight else rest)
        parts = [self.opening, self.gap.join(items).rstrip(), self.closing]
        return GAP.join(part for part in parts if part)


def fit(blocks: Sequence[Block], limit: int) -> str:
    """Join blocks into a text of limited length.

    Args:
        blocks: the blocks; opening and closing of a block are kept or left out together.
        limit: maximum length; blocks of the highest priority number are left out first, from the end.
    """
    ranked = sorted(range(len(blocks)), key=lambda index: (blocks[index].priority, index))
    left = limit - REST_WIDTH - len(GAP) - 1
    kept = []
    for index in ranked:
        if blocks[index].frame > left:
            break
        left -= blocks[index].frame
        kept.append(index)
    shown = {}
    for index in kept:
        block, shown[index] = blocks[index], 0
        for item in block.items:
            if len(item) + len(block.gap) > left:
                break
            left -= len(item) + len(block.gap)
            shown[index] += 1
    parts = [blocks[index].write(shown[index]) for index in sorted(kept)]
    if len(kept) < len(blocks):
        parts.append(REST.format(f"{len(blocks) - len(kept):,}"))
    return GAP.join(parts) + "\n"
