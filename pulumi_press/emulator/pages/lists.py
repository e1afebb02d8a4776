"""Parts of long lists, and the filter of the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["SIZE", "Filter", "Part", "read_part"]

SIZE = 25
"""Items of a list on one page."""

DIGITS = 9


@dataclass(frozen=True)
class Part:
    """The items of a list that one page shows.

    Args:
        items: they.
        total: number of items of the whole list.
        number: number of the part, from 1.
        key: key of the query that chooses it.
    """

    items: Sequence[Any]
    total: int
    number: int
    key: str

    @property
    def count(self) -> int:
        """Number of parts."""
        return _count_parts(self.total)

    @classmethod
    def of(cls, items: Sequence[Any], key: str, query: Mapping[str, str]) -> Part:
        """Return the part of a list that a query chooses."""
        number = _read_number(query.get(key, ""), len(items))
        return cls(items[(number - 1) * SIZE : number * SIZE], len(items), number, key)


def read_part(
    db: sqlite3.Connection,
    source: tuple[str, Sequence[Any]],
    key: str,
    query: Mapping[str, str],
    show: Callable[[sqlite3.Row], Any],
) -> Part:
    """Return the part of a table that a query chooses, the newest rows first.

    Args:
        db: where the table is.
        source: the table with the condition of its rows, and the values of the question marks in it.
        key: key of the query that chooses the part.
        query: values by key.
        show: returns a row as it is shown.
    """
    rows, values = source
    total = int(db.execute(f"SELECT count(*) FROM {rows}", values).fetchone()[0])  # noqa: S608  (words of our own)
    number = _read_number(query.get(key, ""), total)
    found = db.execute(
        f"SELECT * FROM {rows} ORDER BY seq DESC LIMIT ? OFFSET ?",  # noqa: S608  (as above)
        (*values, SIZE, (number - 1) * SIZE),
    ).fetchall()
    return Part([show(row) for row in found], total, number, key)


def _read_number(text: str, total: int) -> int:
    """Return the number of the part that a text asks for, or of the nearest that exists."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= DIGITS
    return min(max(int(text) if is_number else 1, 1), _count_parts(total))


def _count_parts(total: int) -> int:
    return max(-(-total // SIZE), 1)


@dataclass(frozen=True)
class Filter:
    """Which specs, deployments and calls are shown; what is empty leaves none out.

    Args:
        tenant: their tenant.
        kind: kind of the specs and deployments.
        name: a part of the name of the specs and deployments, in letters of either case.
    """

    tenant: str = ""
    kind: str = ""
    name: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """Return the filter of a query."""
        return cls(*(query.get(key, "") for key in ("tenant", "kind", "name")))

    def __bool__(self) -> bool:
        """Whether it may leave anything out."""
        return bool(self.tenant or self.kind or self.name)

    def source(self, rows: str) -> tuple[str, list[str]]:
        """Return rows of `specs` or `deployments` with the condition of the filter, and the values in it.

        Args:
            rows: the table with a condition.
        """
        conditions = {"tenant = ?": self.tenant, "kind = ?": self.kind, "instr(lower(name), lower(?)) > 0": self.name}
        chosen = {condition: value for condition, value in conditions.items() if value}
        return " AND ".join([rows, *chosen]), list(chosen.values())
