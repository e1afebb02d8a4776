"""What the handlers share: which objects a tenant may see or change, names, metadata, and listings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press.emulator.api.calls import APIError, InvalidRequestError, not_found
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.backend.backend import Context

__all__ = [
    "DIRECTIONS",
    "MAX_PAGE_NUMBER",
    "PAGE_NUMBER",
    "PAGE_SIZE",
    "SORT",
    "Listing",
    "Page",
    "dump_texts",
    "merge_texts",
    "own_deployment",
    "own_spec",
    "refuse_taken",
    "refuse_unchanged",
    "show_metadata",
    "visible",
    "visible_spec",
]

VISIBLE = """deleted = 0 AND (tenant = ? OR scope = 'public' OR
    (scope = 'shared' AND EXISTS (SELECT 1 FROM json_each(specs.tenants) WHERE json_each.value = ?)))"""


def visible(tenant: str) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL condition for the specs that a tenant sees (own, public, shared with it), and its values."""
    return VISIBLE, (tenant, tenant)


def visible_spec(db: sqlite3.Connection, tenant: str, spec_id: str, assumptions: Assumptions) -> sqlite3.Row:
    """Return a spec that the tenant sees.

    Raises:
        APIError: it does not exist, or the tenant does not see it.
    """
    condition, values = visible(tenant)
    row: sqlite3.Row | None = db.execute(
        f"SELECT * FROM specs WHERE id = ? AND {condition}",  # noqa: S608  (a condition of our own)
        (spec_id, *values),
    ).fetchone()
    if row:
        return row
    exists = db.execute("SELECT 1 FROM specs WHERE id = ? AND deleted = 0", (spec_id,)).fetchone()
    if exists and assumptions.invisible != not_found("", "").status:
        raise APIError(assumptions.invisible, "The block spec belongs to another tenant and is not shared with yours.")
    raise not_found("block spec", spec_id)


def own_spec(db: sqlite3.Connection, tenant: str, spec_id: str, assumptions: Assumptions) -> sqlite3.Row:
    """Return a spec of the tenant, which it may change.

    Raises:
        APIError: it does not exist, or belongs to another tenant.
    """
    row = visible_spec(db, tenant, spec_id, assumptions)
    if row["tenant"] != tenant:
        detail = "The block spec belongs to another tenant: it may be deployed, but not changed."
        raise APIError(assumptions.foreign_change, detail)
    return row


def own_deployment(db: sqlite3.Connection, tenant: str, deployment_id: str) -> sqlite3.Row:
    """Return a deployment of the tenant.

    Raises:
        APIError: 404, it does not exist.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM deployments WHERE id = ? AND tenant = ?", (deployment_id, tenant)
    ).fetchone()
    if row is None:
        raise not_found("block deployment", deployment_id)
    return row


NAMED_ROWS = {"specs": "specs WHERE deleted = 0 AND", "deployments": "deployments WHERE"}
KINDS = {"specs": "block spec", "deployments": "block deployment"}


def refuse_taken(
    context: Context,
    table: Literal["specs", "deployments"],
    tenant: str,
    kind: str,
    name: str,
    *,
    except_id: str = "",
    at: str = "metadata.name",
) -> None:
    """Raise if a name is taken.

    Args:
        context: of the handler.
        table: table of the object that is to have the name.
        tenant: tenant of the object.
        kind: kind of the object.
        name: the name; unique for tenant and kind.
        except_id: id of an object that may have it already.
        at: path of the name in the body.

    Raises:
        APIError: another object has it.
    """
    taken = context.store.db.execute(
        f"SELECT 1 FROM {NAMED_ROWS[table]} tenant = ? AND kind = ? AND name = ? AND id != ?",  # noqa: S608  (words of our own)
        (tenant, kind, name, except_id),
    ).fetchone()
    if taken:
        detail = f"{at}: there is a {KINDS[table]} of kind {kind} with the name {name!r} already"
        raise APIError(context.assumptions.duplicate_name, detail)


TEXT_FIELDS = ("description", "descriptionContentType", "imageUrl", "summary", "title")


def dump_texts(metadata: Mapping[str, Any]) -> str:
    """Return the part of the metadata that no rule reads, as it is stored."""
    return json.dumps({name: metadata[name] for name in (*TEXT_FIELDS, "tags") if name in metadata})


def show_metadata(row: sqlite3.Row, assumptions: Assumptions) -> dict[str, Any]:
    """Return the `metadata` of a response for a row of `specs` or `deployments`."""
    texts = json.loads(row["texts"])
    shown: dict[str, Any] = {
        "createdAt": row["created_at"],
        "createdBy": row["created_by"],
        "name": row["name"],
        "status": row["status"],
        "tags": texts.get("tags", []),
        "updatedAt": row["updated_at"],
        "updatedBy": row["updated_by"],
    }
    for name in TEXT_FIELDS:
        if name in texts or assumptions.absent_values == "null":
            shown[name] = texts.get(name)
    return dict(sorted(shown.items()))


def merge_texts(old: str, patch: Mapping[str, Any], assumptions: Assumptions) -> str:
    """Return the stored texts with a patch applied, as they are stored."""
    texts = json.loads(old)
    tags = patch.get("tags")
    if tags is not None and assumptions.patch_tags == "merge":
        kept = texts.get("tags", [])
        tags = kept + [tag for tag in tags if tag not in kept]
    return dump_texts({**texts, **patch, **({} if tags is None else {"tags": tags})})


def refuse_unchanged(assumptions: Assumptions) -> None:
    """Reject a patch that changes nothing, if the assumptions say so.

    Raises:
        APIError: 422, nothing changes.
    """
    if assumptions.unchanged_patch == "refuse":
        raise APIError(422, "No changes detected")


FLAGS = {"true": 1, "false": 0}
DIRECTIONS = ("asc", "desc")
SORT, PAGE_SIZE, PAGE_NUMBER = "sort", "pageSize", "pageNumber"
MAX_PAGE_NUMBER = 2**31


@dataclass(frozen=True)
class Listing:
    """What a listing filters and sorts by, and what it returns. Columns are SQL expressions.

    Args:
        table: table of the items; `Page.of` takes the condition for the rows that the caller may see.
        items: key of the items in the response.
        total: key of their number.
        newest_first: order without a sort; None: as the assumptions say.
        choices: column and allowed values by key, for filters that take several values.
        prefixes: column by key, for filters on the start of a text.
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
        """Return the page that a query asks for.

        Args:
            listing: what is listed.
            query: values by key.
            assumptions: how unclear queries are read.
            where: SQL condition that every row must meet.
            values: of the question marks in it.

        Raises:
            InvalidRequestError: a key or a value is not allowed.
        """
        reader = _QueryReader(listing, query, assumptions)
        conditions = [(where, values), *reader.conditions()]
        page = cls(
            listing=listing,
            where=" AND ".join(f"({condition})" for condition, _ in conditions),
            values=tuple(value for _, group in conditions for value in group),
            order=reader.order(),
            size=reader.number(PAGE_SIZE, assumptions.default_page_size, assumptions.max_page_size),
            number=reader.number(PAGE_NUMBER, 1, MAX_PAGE_NUMBER),
            assumptions=assumptions,
        )
        if reader.failures:
            raise InvalidRequestError(reader.failures)
        return page

    def read(self, db: sqlite3.Connection, view: Callable[[sqlite3.Row], Any]) -> dict[str, Any]:
        """Return the body of the response, each row as `view` returns it.

        Raises:
            InvalidRequestError: the page is after the last one, and the assumptions reject that.
        """
        source = f"FROM {self.listing.table} WHERE {self.where}"
        total = int(db.execute(f"SELECT count(*) {source}", self.values).fetchone()[0])
        count = -(-total // self.size) or self.assumptions.empty_page_count
        if self.number > max(count, 1) and self.assumptions.page_beyond_end == "refuse":
            raise InvalidRequestError([CheckFailure(PAGE_NUMBER, f"is after the last page ({count})")])
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


class _QueryReader:
    """Reads a query and collects its failures."""

    def __init__(self, listing: Listing, query: Mapping[str, Sequence[str]], assumptions: Assumptions) -> None:
        self.failures: list[CheckFailure] = []
        self._listing = listing
        self._query = query
        self._assumptions = assumptions
        known = {*listing.choices, *listing.prefixes, *listing.flags, SORT, PAGE_SIZE, PAGE_NUMBER}
        if assumptions.unknown_query == "refuse":
            for key in query:
                if key not in known:
                    self._fail(key, f"is not a key of this query; its keys are: {', '.join(sorted(known))}")

    def conditions(self) -> list[tuple[str, tuple[Any, ...]]]:
        found: list[tuple[str, tuple[Any, ...]]] = []
        for key, (column, allowed) in self._listing.choices.items():
            chosen = self._all(key)
            for value in chosen:
                if value not in allowed:
                    self._fail(key, f"must be one of {', '.join(allowed)}, not {value!r}")
            if chosen:
                found.append((f"{column} IN ({', '.join('?' * len(chosen))})", tuple(chosen)))
        for key, column in self._listing.prefixes.items():
            prefix = self._one(key)
            if prefix is not None:
                # As bytes: SQLite ends a text at a NUL.
                start = prefix.encode()
                found.append((f"substr(CAST({column} AS BLOB), 1, ?) = ?", (len(start), start)))
        for key, column in self._listing.flags.items():
            text = self._one(key)
            if text is not None:
                if text.lower() not in FLAGS:
                    self._fail(key, f"must be true or false, not {text!r}")
                found.append((f"{column} = ?", (FLAGS.get(text.lower()),)))
        return found

    def order(self) -> str:
        terms: dict[str, str] = {}
        for item in self._all(SORT):
            field_name, colon, direction = item.partition(":")
            if field_name not in self._listing.sorts or (colon and direction not in DIRECTIONS):
                fields = ", ".join(self._listing.sorts)
                self._fail(SORT, f"must be <field>:asc or <field>:desc with a field of {fields}, not {item!r}")
            else:
                # A field that is named again changes nothing, and SQLite limits the number of terms.
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
        # Only ASCII digits, and few enough for `int`.
        number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(limit)) else 0
        if not 1 <= number <= limit:
            self._fail(key, f"must be a whole number from 1 to {limit}, not {text!r}")
            return 1
        return number

    def _all(self, key: str) -> list[str]:
        values = self._query.get(key, ())
        if self._assumptions.comma_lists == "literal":
            return list(dict.fromkeys(values))
        return list(dict.fromkeys(part for value in values for part in value.split(",")))

    def _one(self, key: str) -> str | None:
        values = self._query.get(key, ())
        if len(values) > 1:
            self._fail(key, "is given more than once")
        return values[0] if values else None

    def _fail(self, key: str, message: str) -> None:
        self.failures.append(CheckFailure(key, message))
