"""Bringing a text under a limit: what does not fit is left out in whole pieces, and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Block", "fit"]

GAP = "\n\n"
COUNT_WIDTH = len("- and 1,000,000 more ...") + len(GAP)
REST = "and {} more sections ..."
REST_WIDTH = len(REST) + 12


@dataclass(frozen=True)
class Block:
    """A part of a text: what it opens with, items that may be left out, and what it closes with."""

    opening: str
    items: tuple[str, ...] = ()
    closing: str = ""
    priority: int = 1
    """The higher, the sooner it is left out."""
    tight: bool = False
    """Whether the items are those of a list."""

    @property
    def gap(self) -> str:
        """What stands between two items."""
        return "\n" if self.tight else GAP

    @property
    def frame(self) -> int:
        """The length without any item, but with their count."""
        return len(self.opening) + len(self.closing) + COUNT_WIDTH + 3 * len(GAP)

    def write(self, shown: int) -> str:
        """Write it with so many items, and the count of the others."""
        items = list(self.items[:shown])
        if shown < len(self.items):
            rest = f"and {len(self.items) - shown:,} more ..."
            items.append(f"- {rest}" if self.tight else rest)
        parts = [self.opening, self.gap.join(items).rstrip(), self.closing]
        return GAP.join(part for part in parts if part)


def fit(blocks: Sequence[Block], limit: int) -> str:
    """Write blocks one after the other.

    Args:
        blocks: the blocks. The opening and closing of each stay together.
        limit: the most characters; whole blocks, of the highest priority number and from the end, are left out first.
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
