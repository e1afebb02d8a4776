"""The table, as it is printed and as it stands in the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.quickstart.stack import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.matrix.cells import Cell
    from tools.matrix.runs import Outcome

__all__ = ["BEGIN", "END", "PAGE", "render", "write_page"]

PAGE = ROOT / "docs" / "install.md"
BEGIN = "<!-- matrix: written by `make matrix` -->"
END = "<!-- end of matrix -->"


def render(outcomes: Mapping[Cell, Outcome]) -> str:
    """Write the outcomes as a table in Markdown: a row for each Python, a column for each SDK and engine."""
    columns = {_name_column(cell, outcome): None for cell, outcome in outcomes.items()}
    rows: dict[str, dict[str, str]] = {}
    for cell, outcome in outcomes.items():
        row = rows.setdefault(".".join(map(str, cell.python)), {})
        row[_name_column(cell, outcome)] = "ok" if outcome.ok else "**failed**"
    lines = [["Python", *columns], ["---"] * (len(columns) + 1)]
    lines += [[python, *(row.get(column, "") for column in columns)] for python, row in rows.items()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _name_column(cell: Cell, outcome: Outcome) -> str:
    return f"SDK {outcome.sdk}, engine {cell.engine.removeprefix('v')}"


def write_page(table: str) -> None:
    """Put the table into the docs, in the place of the last one."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")
