"""Revisions of block deployments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pulumi_press.emulator import rollouts
from pulumi_press.emulator.answers import RevisionStatus
from pulumi_press.emulator.errors import Mistaken, Refusal, not_found
from pulumi_press.emulator.queries import Listing, Page
from pulumi_press.emulator.releases import find_release
from pulumi_press.emulator.statuses import note_status
from pulumi_press.emulator.values import Declared, carry
from pulumi_press.emulator.visibility import own_deployment
from pulumi_press.schema.bodies import RevisionBody
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.press import Press

__all__ = [
    "Content",
    "add_revision",
    "create_deployment_revision",
    "current_revision",
    "describe_deployment_revision",
    "list_deployment_revisions",
    "newest_revision",
    "release_of",
    "show_item",
    "show_parameters",
    "show_resources",
    "start_revision",
]

STATUSES: tuple[str, ...] = get_args(RevisionStatus)

REVISIONS = Listing(
    table="revisions",
    items="revisions",
    total="revisionCount",
    choices={"status": ("status", STATUSES)},
    # `name` and `title` are documented too, but a revision has neither.
    sorts={"createdAt": "created_at", "createdBy": "created_by", "name": "seq", "title": "seq"},
)
DIGITS = 9


def create_deployment_revision(press: Press, call: Call) -> dict[str, Any]:
    """Make a new revision of an own deployment and roll it out."""
    body = call.body
    mistakes = validate(RevisionBody, body)
    if mistakes:
        raise Mistaken(mistakes)
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    release = find_release(press.store.db, deployment["spec_id"], body.get("release", {}).get("version"))
    before, given = newest_revision(press.store.db, deployment["id"]), body.get("parameters", {})
    declared = Declared(release)
    run = carry(json.loads(before["run"]), given.get("run"), declared.run, press.assumptions.revision_parameters)
    build = carry(json.loads(before["build"]), given.get("build"), declared.build, "keep")
    mistakes = declared.check(build, run)
    if mistakes:
        raise Mistaken(mistakes)
    content = Content(release, body.get("revision", {}).get("notes"), build, run)
    number = start_revision(press, call, deployment, content)
    return {"id": deployment["id"], "revision": number}


def list_deployment_revisions(press: Press, call: Call) -> dict[str, Any]:
    """List the revisions of an own deployment."""
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    page = Page.of(REVISIONS, call.query, press.assumptions, where="deployment_id = ?", values=(deployment["id"],))
    return page.read(press.store.db, lambda row: show_item(press, row))


def describe_deployment_revision(press: Press, call: Call) -> dict[str, Any]:
    """Describe one revision of an own deployment."""
    db = press.store.db
    deployment = own_deployment(db, call.tenant, call.path["deployment_id"])
    revision = _find(press, deployment["id"], call.path["revision"])
    version = release_of(db, revision)["version"]
    return {
        "resources": show_resources(press, deployment, revision),
        **show_item(press, revision),
        "spec": {"id": deployment["spec_id"], "release": {"version": version}},
        "parameters": show_parameters(press, revision),
    }


@dataclass(frozen=True)
class Content:
    """What a revision runs.

    Args:
        release: a row of `releases`.
        notes: what is said of it.
        build: checked values of build parameters.
        run: checked values of run parameters.
    """

    release: sqlite3.Row
    notes: str | None
    build: Mapping[str, Any]
    run: Mapping[str, Any]


def start_revision(press: Press, call: Call, deployment: sqlite3.Row, content: Content) -> int:
    """Store the next revision of a deployment, begin its rollout, and give its number.

    Raises:
        Refusal: 409, the deployment is not in a state for it.
    """
    status, accepted = deployment["status"], press.assumptions.second_revision_while_deploying == "accept"
    if status == "deleting" or (status in rollouts.UNDER_WAY and not accepted):
        raise Refusal(409, f"The deployment is {status}; wait until that is over.")
    number = int(newest_revision(press.store.db, deployment["id"])["number"]) + 1
    add_revision(press, call, deployment, number, content)
    return number


def add_revision(press: Press, call: Call, deployment: sqlite3.Row, number: int, content: Content) -> None:
    """Store a revision, and begin its rollout."""
    revision_id = press.ids.new()
    press.store.insert(
        "revisions",
        id=revision_id,
        deployment_id=deployment["id"],
        number=number,
        release_id=content.release["id"],
        notes=content.notes,
        status="deploying",
        build=json.dumps(content.build),
        run=json.dumps(content.run),
        errors="[]",
        created_at=call.at,
        created_by=call.user,
    )
    note_status(press, revision_id, "deploying", call.at)
    rollouts.begin_deploy(press, deployment, number)


def newest_revision(db: sqlite3.Connection, deployment_id: str) -> sqlite3.Row:
    """Give the revision with the highest number; each deployment has one."""
    row: sqlite3.Row = db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? ORDER BY number DESC LIMIT 1", (deployment_id,)
    ).fetchone()
    return row


def current_revision(db: sqlite3.Connection, deployment: sqlite3.Row) -> sqlite3.Row:
    """Give the revision whose run parameters count: the newest, or the live one after a rollback."""
    newest = newest_revision(db, deployment["id"])
    if newest["status"] not in rollouts.ROLLED_BACK or deployment["live"] is None:
        return newest
    row: sqlite3.Row = db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment["id"], deployment["live"])
    ).fetchone()
    return row


def release_of(db: sqlite3.Connection, revision: sqlite3.Row) -> sqlite3.Row:
    """Give the release that a revision runs."""
    row: sqlite3.Row = db.execute("SELECT * FROM releases WHERE id = ?", (revision["release_id"],)).fetchone()
    return row


def show_item(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    """Give a revision as listings have it."""
    item = {
        "createdAt": row["created_at"],
        "createdBy": row["created_by"],
        "id": row["id"],
        "notes": row["notes"],
        "revision": row["number"],
        "status": row["status"],
    }
    if row["notes"] is None and press.assumptions.absent_values == "omit":
        del item["notes"]
    return item


def show_resources(press: Press, deployment: sqlite3.Row, revision: sqlite3.Row) -> list[dict[str, Any]]:
    """Give the platform resource of a revision, with its errors."""
    spec = press.store.db.execute("SELECT name FROM specs WHERE id = ?", (deployment["spec_id"],)).fetchone()
    return [
        {
            "errors": json.loads(revision["errors"]),
            "id": deployment["resource_id"],
            "kind": deployment["kind"],
            "name": spec["name"],
            "status": revision["status"],
            "version": f"0.0.{revision['number']}",
            "versionId": str(revision["number"]),
        }
    ]


def show_parameters(press: Press, revision: sqlite3.Row) -> dict[str, Any]:
    """Give the run parameters of a revision as descriptions have them."""
    declared = Declared(release_of(press.store.db, revision))
    return {"run": declared.describe(json.loads(revision["run"]), press.assumptions)}


def _find(press: Press, deployment_id: str, number: str) -> sqlite3.Row:
    if number == "latest" and press.assumptions.latest_alias == "accept":
        return newest_revision(press.store.db, deployment_id)
    if not (number.isascii() and number.isdecimal() and len(number) <= DIGITS):
        raise not_found("revision", number)
    row: sqlite3.Row | None = press.store.db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment_id, int(number))
    ).fetchone()
    if row is None:
        raise not_found("revision", number)
    return row
