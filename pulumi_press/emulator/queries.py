"""Listings: filters, order and pages of a query string."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.errors import Mistaken
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_press.emulator.assumptions import Assumptions

__all__ = ["BIGGEST_PAGE_NUMBER", "DIRECTIONS", "NUMBER", "SIZE", "SORT", "Listing", "Page"]

FLAGS = {"true": 1, "false": 0}
DIRECTIONS = ("asc", "desc")
SORT, SIZE, NUMBER = "sort", "pageSize", "pageNumber"
BIGGEST_PAGE_NUMBER = 2**31


@dataclass(frozen=True)
class Listing:
    """What a listing takes and gives. Columns are SQL expressions.

    Args:
        table: what is listed, with the rows that the caller may see chosen by `Page.of`'s condition.
        items: key of the items in the answer.
        total: key of their number.
        newest_first: the order when no sort is given; None leaves it to the assumptions.
        choices: column and allowed values by key, for filters that take several values.
        prefixes: column by key, for filters on how a text begins.
        flags: column by key, for filters that are true or false.
        sorts: column by field.
    """

    table: str
    items: str
    total: str
    newest_first: bool | None = None
    choices: Mapping[str, tuple[str, Sequence[str]]] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """The part of a listing that a query asks for."""

    listing: Listing
    where: str
    values: tuple[Any, ...]
    order: str
    size: int
    number: int
    assumptions: Assumptions

    @classmethod
    def of(
        cls,
        listing: Listing,
        query: Mapping[str, Sequence[str]],
        assumptions: Assumptions,
        *,
        where: str,
        values: tuple[Any, ...],
    ) -> Page:
        """Read a query.

        Args:
            listing: what is listed.
            query: values by key.
            assumptions: how unclear queries are read.
            where: the condition that a row must meet in any case.
            values: what stands for the question marks in it.

        Raises:
            Mistaken: a key or a value is not allowed.
        """
        reader = _Reader(listing, query, assumptions)
        conditions = [(where, values), *reader.conditions()]
        page = cls(
            listing=listing,
            where=" AND ".join(f"({condition})" for condition, _ in conditions),
            values=tuple(value for _, group in conditions for value in group),
            order=reader.order(),
            size=reader.number(SIZE, assumptions.default_page_size, assumptions.max_page_size),
            number=reader.number(NUMBER, 1, BIGGEST_PAGE_NUMBER),
            assumptions=assumptions,
        )
        if reader.mistakes:
            raise Mistaken(reader.mistakes)
        return page

    def read(self, db: sqlite3.Connection, view: Callable[[sqlite3.Row], Any]) -> dict[str, Any]:
        """Give the answer of the listing, each row as `view` shows it.

        Raises:
            Mistaken: the page is after the last one, and the assumptions have that refused.
        """
        source = f"FROM {self.listing.table} WHERE {self.where}"
        total = int(db.execute(f"SELECT count(*) {source}", self.values).fetchone()[0])
        count = -(-total // self.size) or self.assumptions.empty_page_count
        if self.number > max(count, 1) and self.assumptions.page_beyond_end == "refuse":
            raise Mistaken([CheckFailure(NUMBER, f"is after the last page ({count})")])
        rows = db.execute(
            f"SELECT * {source} ORDER BY {self.order} LIMIT ? OFFSET ?",
            (*self.values, self.size, (self.number - 1) * self.size),
        ).fetchall()
        return {
            "pageCount": count,
            "pageNumber": self.number,
            "pageSize": self.size,
            self.listing.total: total,
            self.listing.items: [view(row) for row in rows],
        }


class _Reader:
    """Reads a query and collects its mistakes."""

    def __init__(self, listing: Listing, query: Mapping[str, Sequence[str]], assumptions: Assumptions) -> None:
        self.mistakes: list[CheckFailure] = []
        self._listing = listing
        self._query = query
        self._assumptions = assumptions
        known = {*listing.choices, *listing.prefixes, *listing.flags, SORT, SIZE, NUMBER}
        if assumptions.unknown_query == "refuse":
            for key in query:
                if key not in known:
                    self._refuse(key, f"is not a key of this query; there are: {', '.join(sorted(known))}")

    def conditions(self) -> list[tuple[str, tuple[Any, ...]]]:
        found: list[tuple[str, tuple[Any, ...]]] = []
        for key, (column, allowed) in self._listing.choices.items():
            chosen = self._several(key)
            for value in chosen:
                if value not in allowed:
                    self._refuse(key, f"must be one of {', '.join(allowed)}, not {value!r}")
            if chosen:
                found.append((f"{column} IN ({', '.join('?' * len(chosen))})", tuple(chosen)))
        for key, column in self._listing.prefixes.items():
            prefix = self._one(key)
            if prefix is not None:
                # Byte by byte: as a text, SQLite would end at a NUL.
                start = prefix.encode()
                found.append((f"substr(CAST({column} AS BLOB), 1, ?) = ?", (len(start), start)))
        for key, column in self._listing.flags.items():
            text = self._one(key)
            if text is not None:
                if text.lower() not in FLAGS:
                    self._refuse(key, f"must be true or false, not {text!r}")
                found.append((f"{column} = ?", (FLAGS.get(text.lower()),)))
        return found

    def order(self) -> str:
        terms: dict[str, str] = {}
        for item in self._several(SORT):
            field_name, colon, direction = item.partition(":")
            if field_name not in self._listing.sorts or (colon and direction not in DIRECTIONS):
                fields = ", ".join(self._listing.sorts)
                self._refuse(SORT, f"must be <field>:asc or <field>:desc with a field of {fields}, not {item!r}")
            else:
                # The first decides; SQLite takes so many terms only.
                terms.setdefault(self._listing.sorts[field_name], direction or "asc")
        newest_first = self._listing.newest_first
        if newest_first is None:
            newest_first = self._assumptions.list_order == "newest-first"
        ordered = [f"{column} {direction}" for column, direction in terms.items()]
        return ", ".join([*ordered, "seq DESC" if newest_first and not terms else "seq"])

    def number(self, key: str, default: int, limit: int) -> int:
        text = self._one(key)
        if text is None:
            return default
        # Only ASCII digits, and few enough to be a number at all.
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(limit)) else 0
        if not 1 <= number <= limit:
            self._refuse(key, f"must be a whole number from 1 to {limit}, not {text!r}")
            return 1
        return number

    def _several(self, key: str) -> list[str]:
        values = self._query.get(key, ())
        if self._assumptions.comma_lists == "literal":
            return list(dict.fromkeys(values))
        return list(dict.fromkeys(part for value in values for part in value.split(",")))

    def _one(self, key: str) -> str | None:
        values = self._query.get(key, ())
        if len(values) > 1:
            self._refuse(key, "is given more than once")
        return values[0] if values else None

    def _refuse(self, key: str, message: str) -> None:
        self.mistakes.append(CheckFailure(key, message))
