"""What each page shows, read within a transaction."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pulumi_press.emulator.api.revision_handlers import DeclaredParameters, newest_revision, release_of
from pulumi_press.emulator.api.spec_handlers import latest_release
from pulumi_press.emulator.control.snapshot import show_deployment, show_release, show_revision, show_spec
from pulumi_press.emulator.pages.differences import Release, Revision, compare_releases, compare_revisions
from pulumi_press.emulator.pages.files import read_text
from pulumi_press.emulator.pages.lists import Filter, Part, read_part

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from pulumi_press.emulator.backend.backend import Context
    from pulumi_press.emulator.control.request_log import Entry, RequestLog

__all__ = ["MissingError", "read_calls", "read_deployment", "read_file", "read_overview", "read_spec"]

LATEST: Final = 15
"""Calls beside what they changed, the newest."""

TABLES: Final = {"spec": "specs WHERE deleted = 0 AND", "deployment": "deployments WHERE"}


class MissingError(Exception):
    """There is no such object; the message says which."""


def read_overview(context: Context, log: RequestLog, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the specs and deployments that a filter leaves, and the latest calls."""
    chosen, db = Filter.of(query), context.store.db
    is_wanted = partial(_is_of_tenant, chosen.tenant)
    return {
        "filter": chosen,
        "counts": context.store.count(),
        "tenants": _read_words(db, "tenant"),
        "kinds": _read_words(db, "kind"),
        "deployments": read_part(
            db,
            chosen.source("deployments WHERE 1"),
            "deployments",
            query,
            lambda row: {
                **show_deployment(context, row),
                "newest": show_revision(context, row, newest_revision(db, row["id"])),
            },
        ),
        "specs": read_part(
            db,
            chosen.source("specs WHERE deleted = 0"),
            "specs",
            query,
            lambda row: {
                **show_spec(context, row),
                "newest": show_release(context, latest_release(db, row["id"])),
                "counts": {table: _count_of(db, table, row["id"]) for table in ("releases", "deployments")},
            },
        ),
        "calls": _show_calls(db, log.newest(is_wanted)[:LATEST]),
    }


def read_calls(context: Context, log: RequestLog, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the calls that a filter leaves, with their bodies."""
    chosen = Filter.of(query)
    part = Part.of(log.newest(partial(_is_of_tenant, chosen.tenant)), "page", query)
    return {
        "filter": chosen,
        "tenants": sorted({entry.tenant for entry in log.newest() if entry.tenant}),
        "calls": _show_calls(context.store.db, part.items),
        "part": part,
    }


def read_spec(context: Context, log: RequestLog, query: Mapping[str, str], spec_id: str) -> dict[str, Any]:
    """Return a spec: its releases, one of them in full, and the difference between two.

    Raises:
        MissingError: there is no such spec or release.
    """
    db = context.store.db
    spec = db.execute("SELECT * FROM specs WHERE id = ? AND deleted = 0", (spec_id,)).fetchone()
    if spec is None:
        raise MissingError(f"There is no spec {spec_id}.")
    listed = db.execute("SELECT version FROM releases WHERE spec_id = ? ORDER BY seq DESC", (spec_id,)).fetchall()
    versions = [str(row["version"]) for row in listed]
    pair = _choose_pair(versions, query)

    def find(version: str) -> sqlite3.Row:
        row: sqlite3.Row | None = db.execute(
            "SELECT * FROM releases WHERE spec_id = ? AND version = ?", (spec_id, version)
        ).fetchone()
        if row is None:
            raise MissingError(f"The spec has no release {version}.")
        return row

    return {
        "spec": show_spec(context, spec),
        "releases": read_part(
            db, ("releases WHERE spec_id = ?", (spec_id,)), "releases", query, lambda row: show_release(context, row)
        ),
        "deployments": read_part(
            db,
            ("deployments WHERE spec_id = ?", (spec_id,)),
            "deployments",
            query,
            lambda row: show_deployment(context, row),
        ),
        "release": show_release(context, find(query.get("release") or versions[0])),
        "choices": versions,
        "pair": pair,
        "compare": pair and partial(compare_releases, *_read_releases(context, *map(find, pair))),
        "calls": _show_calls(db, log.newest(partial(_is_about, spec_id))[:LATEST]),
    }


def read_deployment(context: Context, log: RequestLog, query: Mapping[str, str], deployment_id: str) -> dict[str, Any]:
    """Return a deployment: its revisions, one of them in full with its release, and the difference between two.

    Raises:
        MissingError: there is no such deployment or revision.
    """
    db = context.store.db
    row = db.execute("SELECT * FROM deployments WHERE id = ?", (deployment_id,)).fetchone()
    if row is None:
        raise MissingError(f"There is no deployment {deployment_id}.")
    listed = db.execute("SELECT number FROM revisions WHERE deployment_id = ? ORDER BY number DESC", (deployment_id,))
    numbers = [str(found["number"]) for found in listed.fetchall()]
    pair = _choose_pair(numbers, query)

    def find(number: str) -> sqlite3.Row:
        if number not in numbers:
            raise MissingError(f"The deployment has no revision {number}.")
        revision: sqlite3.Row = db.execute(
            "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment_id, int(number))
        ).fetchone()
        return revision

    chosen = find(query.get("revision") or numbers[0])
    release = release_of(db, chosen)
    return {
        "deployment": show_deployment(context, row),
        "revisions": read_part(
            db,
            ("revisions WHERE deployment_id = ?", (deployment_id,)),
            "revisions",
            query,
            lambda revision: show_revision(context, row, revision),
        ),
        "revision": show_revision(context, row, chosen),
        "given": {group: set(json.loads(chosen[group])) for group in ("run", "build")},
        "release": show_release(context, release),
        "choices": numbers,
        "pair": pair,
        "compare": pair
        and partial(compare_revisions, frozenset(context.hidden), *_read_revisions(context, row, *map(find, pair))),
        "calls": _show_calls(db, log.newest(partial(_is_about, deployment_id))[:LATEST]),
    }


def read_file(context: Context, _: RequestLog, query: Mapping[str, str], artifact_id: str) -> dict[str, Any]:
    """Return a file of an artifact, with its text if it is one.

    Raises:
        MissingError: there is no such artifact, or no such file in it.
    """
    db, path = context.store.db, query.get("path", "")
    artifact = db.execute("SELECT * FROM artifacts WHERE id = ?", (artifact_id,)).fetchone()
    if artifact is None:
        raise MissingError(f"There is no artifact {artifact_id}.")
    file = next((file for file in json.loads(artifact["files"]) if file["path"] == path), None)
    if file is None:
        raise MissingError(f"The artifact has no file {path}.")
    return {
        "file": file,
        "artifact": {"id": artifact_id, "version": artifact["version"]},
        "spec": dict(db.execute("SELECT id, name FROM specs WHERE id = ?", (artifact["spec_id"],)).fetchone()),
        "versions": [
            row["version"]
            for row in db.execute("SELECT version FROM releases WHERE artifact_id = ?", (artifact_id,)).fetchall()
        ],
        "read": partial(read_text, bytes(artifact["content"]), path),
    }


def _read_words(db: sqlite3.Connection, column: str) -> list[str]:
    """Return the tenants, or the kinds, of all that is stored."""
    query = f"SELECT {column} FROM specs WHERE deleted = 0 UNION SELECT {column} FROM deployments ORDER BY 1"  # noqa: S608  (words of our own)
    return [row[0] for row in db.execute(query).fetchall()]


def _count_of(db: sqlite3.Connection, table: str, spec_id: str) -> int:
    query = f"SELECT count(*) FROM {table} WHERE spec_id = ?"  # noqa: S608  (as above)
    return int(db.execute(query, (spec_id,)).fetchone()[0])


def _is_of_tenant(tenant: str, entry: Entry) -> bool:
    return not tenant or entry.tenant == tenant


def _is_about(object_id: str, entry: Entry) -> bool:
    return object_id in entry.path or (entry.changed is not None and object_id in entry.changed.values())


def _choose_pair(choices: Sequence[str], query: Mapping[str, str]) -> tuple[str, str] | None:
    """Return which two are compared, the older one first: those of the query, or the newest and the one before."""
    if len(choices) == 1:
        return None
    return query.get("from") or choices[1], query.get("to") or choices[0]


def _read_revisions(context: Context, deployment: sqlite3.Row, *rows: sqlite3.Row) -> list[Revision]:
    releases = [release_of(context.store.db, row) for row in rows]
    return [
        Revision(
            show_revision(context, deployment, row),
            {
                "run": DeclaredParameters(release).effective(json.loads(row["run"])),
                "build": json.loads(row["build"]),
            },
            read,
        )
        for row, release, read in zip(rows, releases, _read_releases(context, *releases), strict=True)
    ]


def _read_releases(context: Context, *rows: sqlite3.Row) -> list[Release]:
    """Return releases to be compared, with their artifacts if these differ."""
    found = [
        context.store.db.execute("SELECT digest, content FROM artifacts WHERE id = ?", (row["artifact_id"],)).fetchone()
        for row in rows
    ]
    differ = len({artifact and artifact["digest"] for artifact in found}) > 1
    return [
        Release(show_release(context, row), bytes(artifact["content"]) if artifact and differ else None)
        for row, artifact in zip(rows, found, strict=True)
    ]


def _show_calls(db: sqlite3.Connection, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [{"entry": entry, "target": _find_target(db, entry.changed)} for entry in entries]


def _find_target(db: sqlite3.Connection, changed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the object that a call changed: its kind, id and name, and which part of it the call made."""
    kind = next((kind for kind in TABLES if changed and kind in changed), None)
    if changed is None or kind is None:
        return None
    row = db.execute(f"SELECT name FROM {TABLES[kind]} id = ?", (changed[kind],)).fetchone()  # noqa: S608  (as above)
    part = next((name for name in ("release", "revision") if name in changed), None)
    return {
        "kind": kind,
        "id": changed[kind],
        "name": row["name"] if row else None,
        "part": part,
        "number": changed[part] if part else None,
    }
