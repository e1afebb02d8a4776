"""Everything that is stored, as people look at it: for the control plane and for the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.masking import mask, mask_values
from pulumi_press.emulator.releases import show_item as show_release_item
from pulumi_press.emulator.revisions import release_of, show_resources
from pulumi_press.emulator.revisions import show_item as show_revision_item
from pulumi_press.emulator.statuses import show_statuses
from pulumi_press.emulator.texts import show_metadata
from pulumi_press.emulator.values import Declared

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.press import Press

__all__ = ["take_snapshot"]

ALL = -1
"""What SQLite takes for no limit."""


def take_snapshot(press: Press, newest: int = ALL) -> dict[str, Any]:
    """Give every spec with its releases, and every deployment with its revisions, secrets masked.

    Looking does not count as a read of a rollout.

    Args:
        press: the local Press, within a transaction.
        newest: so many specs and deployments at most, the newest; in any case the oldest comes first.
    """
    return {
        "specs": [_spec(press, row) for row in _newest(press, "specs WHERE deleted = 0", newest)],
        "deployments": [_deployment(press, row) for row in _newest(press, "deployments", newest)],
    }


def _newest(press: Press, rows: str, limit: int) -> list[sqlite3.Row]:
    query = f"SELECT * FROM {rows} ORDER BY seq DESC LIMIT ?"  # noqa: S608  (words of our own)
    return press.store.db.execute(query, (limit,)).fetchall()[::-1]


def _spec(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    releases = press.store.db.execute("SELECT * FROM releases WHERE spec_id = ? ORDER BY seq", (row["id"],)).fetchall()
    return {
        "id": row["id"],
        "tenant": row["tenant"],
        "kind": row["kind"],
        "scope": row["scope"],
        "featured": bool(row["featured"]),
        "tenants": json.loads(row["tenants"]),
        "metadata": show_metadata(row, press.assumptions),
        "releases": [_release(press, release) for release in releases],
    }


def _release(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    artifact = press.store.db.execute(
        "SELECT id, version, digest, size, files FROM artifacts WHERE id = ?", (row["artifact_id"],)
    ).fetchone()
    return {
        **show_release_item(row, press.assumptions),
        "config": mask(json.loads(row["config"]), press.hidden),
        "parameters": mask(json.loads(row["parameters"]), press.hidden),
        "artifact": {
            "id": artifact["id"],
            "version": artifact["version"],
            "sha256": artifact["digest"],
            "size": artifact["size"],
            "files": json.loads(artifact["files"]),
        }
        if artifact
        else None,
    }


def _deployment(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    spec = press.store.db.execute("SELECT name FROM specs WHERE id = ?", (row["spec_id"],)).fetchone()
    revisions = press.store.db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? ORDER BY number", (row["id"],)
    ).fetchall()
    return {
        "id": row["id"],
        "tenant": row["tenant"],
        "kind": row["kind"],
        "specId": row["spec_id"],
        "specName": spec["name"],
        "liveRevision": row["live"],
        "metadata": show_metadata(row, press.assumptions),
        "revisions": [_revision(press, row, revision) for revision in revisions],
    }


def _revision(press: Press, deployment: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    release = release_of(press.store.db, row)
    run = Declared(release).effective(json.loads(row["run"]))
    return {
        **show_revision_item(press, row),
        "version": release["version"],
        "statuses": show_statuses(press, row["id"]),
        "resources": show_resources(press, deployment, row),
        "parameters": {
            "build": mask_values(json.loads(row["build"]), press.hidden),
            "run": mask_values(run, press.hidden),
        },
    }
