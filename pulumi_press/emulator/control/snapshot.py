"""What is stored, as the control plane and the pages show it: secrets masked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.api.objects import show_metadata
from pulumi_press.emulator.api.revision_handlers import (
    DeclaredParameters,
    release_of,
    show_resources,
    show_revision_item,
)
from pulumi_press.emulator.api.spec_handlers import show_release_item
from pulumi_press.emulator.backend.backend import mask, mask_values

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.backend.backend import Context

__all__ = ["show_deployment", "show_release", "show_revision", "show_spec", "take_snapshot"]


def take_snapshot(context: Context) -> dict[str, Any]:
    """Return every spec with its releases, and every deployment with its revisions.

    This does not count as a read of a rollout.

    Args:
        context: the objects, within a transaction.
    """
    db = context.store.db
    return {
        "specs": [
            {
                **show_spec(context, row),
                "releases": [
                    show_release(context, release)
                    for release in db.execute(
                        "SELECT * FROM releases WHERE spec_id = ? ORDER BY seq", (row["id"],)
                    ).fetchall()
                ],
            }
            for row in db.execute("SELECT * FROM specs WHERE deleted = 0 ORDER BY seq").fetchall()
        ],
        "deployments": [
            {
                **show_deployment(context, row),
                "revisions": [
                    show_revision(context, row, revision)
                    for revision in db.execute(
                        "SELECT * FROM revisions WHERE deployment_id = ? ORDER BY number", (row["id"],)
                    ).fetchall()
                ],
            }
            for row in db.execute("SELECT * FROM deployments ORDER BY seq").fetchall()
        ],
    }


def show_spec(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return a spec without its releases."""
    return {
        "id": row["id"],
        "tenant": row["tenant"],
        "kind": row["kind"],
        "scope": row["scope"],
        "featured": bool(row["featured"]),
        "tenants": json.loads(row["tenants"]),
        "metadata": show_metadata(row, context.assumptions),
    }


def show_release(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return a release with its config, its declared parameters, and the files of its artifact."""
    artifact = context.store.db.execute(
        "SELECT id, version, digest, size, files FROM artifacts WHERE id = ?", (row["artifact_id"],)
    ).fetchone()
    return {
        **show_release_item(row, context.assumptions),
        "config": mask(json.loads(row["config"]), context.hidden),
        "parameters": mask(json.loads(row["parameters"]), context.hidden),
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


def show_deployment(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return a deployment without its revisions."""
    spec = context.store.db.execute("SELECT name FROM specs WHERE id = ?", (row["spec_id"],)).fetchone()
    return {
        "id": row["id"],
        "tenant": row["tenant"],
        "kind": row["kind"],
        "specId": row["spec_id"],
        "specName": spec["name"],
        "liveRevision": row["live"],
        "metadata": show_metadata(row, context.assumptions),
    }


def show_revision(context: Context, deployment: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    """Return a revision of a deployment, with its statuses and the parameters that it runs with."""
    release = release_of(context.store.db, row)
    run = DeclaredParameters(release).effective(json.loads(row["run"]))
    return {
        **show_revision_item(context, row),
        "version": release["version"],
        "statuses": context.rollouts.show_statuses(row["id"]),
        "resources": show_resources(context, deployment, row),
        "parameters": {
            "build": mask_values(json.loads(row["build"]), context.hidden),
            "run": mask_values(run, context.hidden),
        },
    }
