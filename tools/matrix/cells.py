"""What is tried together."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from tools.quickstart.stack import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.matrix.pythons import Version

__all__ = ["NEWEST", "Cell", "list_cells", "oldest_sdk"]

NEWEST = "newest"


class Cell(NamedTuple):
    """One Python, SDK and engine."""

    python: Version
    program: Path
    sdk: str
    """`3.268.0`, or `newest`."""
    engine: str
    folder: Path
    """The engine's."""

    def __str__(self) -> str:
        """Name it for a person."""
        return f"Python {'.'.join(map(str, self.python))}, SDK {self.sdk}, engine {self.engine}"


def oldest_sdk() -> str:
    """Return the oldest SDK that the package supports."""
    found = re.search(r'^  "pulumi>=([\d.]+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError("pyproject.toml names no oldest SDK")
    return f"{found[1]}.0" if found[1].count(".") == 1 else found[1]


def list_cells(pythons: Mapping[Version, Path], engines: Mapping[str, Path], *, short: bool) -> list[Cell]:
    """List what to try: everything with everything, or the two ends."""
    cells = [
        Cell(python, program, sdk, engine, folder)
        for (python, program), sdk, (engine, folder) in product(
            pythons.items(), (oldest_sdk(), NEWEST), engines.items()
        )
    ]
    return [cells[0], cells[-1]] if short else cells
