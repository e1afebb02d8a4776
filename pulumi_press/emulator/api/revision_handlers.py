"""Revisions of block deployments, and the parameters that they run with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pulumi_press.emulator.api.calls import APIError, InvalidRequestError, not_found
from pulumi_press.emulator.api.deployment_responses import RevisionStatus
from pulumi_press.emulator.api.objects import Listing, Page, own_deployment
from pulumi_press.emulator.api.spec_handlers import find_release
from pulumi_press.emulator.backend.backend import mask_declaration, mask_values
from pulumi_press.emulator.backend.rollout_simulation import ROLLED_BACK, UNDER_WAY
from pulumi_press.schema.bodies import RevisionBody
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.hidden import hides
from pulumi_press.schema.parameter_values import check_values
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from pulumi_press.emulator.api.calls import Call
    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.backend.backend import Context

__all__ = [
    "Content",
    "DeclaredParameters",
    "add_revision",
    "carry_over",
    "create_deployment_revision",
    "current_revision",
    "describe_deployment_revision",
    "get_parameters",
    "list_deployment_revisions",
    "newest_revision",
    "patch_parameters",
    "release_of",
    "show_resources",
    "show_revision_item",
    "show_run_parameters",
    "start_revision",
]

STATUSES: tuple[str, ...] = get_args(RevisionStatus)

REVISION_LISTING = Listing(
    table="revisions",
    items="revisions",
    total="revisionCount",
    choices={"status": ("status", STATUSES)},
    # `name` and `title` are documented too, but a revision has neither.
    sorts={"createdAt": "created_at", "createdBy": "created_by", "name": "seq", "title": "seq"},
)
DIGITS = 9


def create_deployment_revision(context: Context, call: Call) -> dict[str, Any]:
    """Make a new revision of an own deployment and roll it out."""
    body = call.body
    failures = validate(RevisionBody, body)
    if failures:
        raise InvalidRequestError(failures)
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    release = find_release(context.store.db, deployment["spec_id"], body.get("release", {}).get("version"))
    before, given = newest_revision(context.store.db, deployment["id"]), body.get("parameters", {})
    declared = DeclaredParameters(release)
    run = carry_over(json.loads(before["run"]), given.get("run"), declared.run, context.assumptions.revision_parameters)
    build = carry_over(json.loads(before["build"]), given.get("build"), declared.build, "keep")
    failures = declared.check(build, run)
    if failures:
        raise InvalidRequestError(failures)
    content = Content(release, body.get("revision", {}).get("notes"), build, run)
    number = start_revision(context, call, deployment, content)
    return {"id": deployment["id"], "revision": number}


def list_deployment_revisions(context: Context, call: Call) -> dict[str, Any]:
    """List the revisions of an own deployment."""
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    page = Page.of(
        REVISION_LISTING, call.query, context.assumptions, where="deployment_id = ?", values=(deployment["id"],)
    )
    return page.read(context.store.db, lambda row: show_revision_item(context, row))


def describe_deployment_revision(context: Context, call: Call) -> dict[str, Any]:
    """Describe one revision of an own deployment."""
    db = context.store.db
    deployment = own_deployment(db, call.tenant, call.path["deployment_id"])
    revision = _find_revision(context, deployment["id"], call.path["revision"])
    version = release_of(db, revision)["version"]
    return {
        "resources": show_resources(context, deployment, revision),
        **show_revision_item(context, revision),
        "spec": {"id": deployment["spec_id"], "release": {"version": version}},
        "parameters": show_run_parameters(context, revision),
    }


@dataclass(frozen=True)
class Content:
    """What a revision runs.

    Args:
        release: a row of `releases`.
        notes: of its author.
        build: checked values of build parameters.
        run: checked values of run parameters.
    """

    release: sqlite3.Row
    notes: str | None
    build: Mapping[str, Any]
    run: Mapping[str, Any]


def start_revision(context: Context, call: Call, deployment: sqlite3.Row, content: Content) -> int:
    """Store the next revision of a deployment, begin its rollout, and return its number.

    Raises:
        APIError: 409, a rollout or a delete is under way.
    """
    status, accepted = deployment["status"], context.assumptions.second_revision_while_deploying == "accept"
    if status == "deleting" or (status in UNDER_WAY and not accepted):
        raise APIError(409, f"The deployment is {status}; wait until that is over.")
    number = int(newest_revision(context.store.db, deployment["id"])["number"]) + 1
    add_revision(context, call, deployment, number, content)
    return number


def add_revision(context: Context, call: Call, deployment: sqlite3.Row, number: int, content: Content) -> None:
    """Store a revision, and begin its rollout."""
    revision_id = context.ids.new()
    context.store.insert(
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
    context.rollouts.record_status(revision_id, "deploying", call.at)
    context.rollouts.begin_deploy(deployment, number)


def newest_revision(db: sqlite3.Connection, deployment_id: str) -> sqlite3.Row:
    """Return the revision with the highest number; each deployment has one."""
    row: sqlite3.Row = db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? ORDER BY number DESC LIMIT 1", (deployment_id,)
    ).fetchone()
    return row


def current_revision(db: sqlite3.Connection, deployment: sqlite3.Row) -> sqlite3.Row:
    """Return the revision whose run parameters count: the newest, or the live one after a rollback."""
    newest = newest_revision(db, deployment["id"])
    if newest["status"] not in ROLLED_BACK or deployment["live"] is None:
        return newest
    row: sqlite3.Row = db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment["id"], deployment["live"])
    ).fetchone()
    return row


def release_of(db: sqlite3.Connection, revision: sqlite3.Row) -> sqlite3.Row:
    """Return the release that a revision runs."""
    row: sqlite3.Row = db.execute("SELECT * FROM releases WHERE id = ?", (revision["release_id"],)).fetchone()
    return row


def show_revision_item(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return a revision as an item of a listing."""
    item = {
        "createdAt": row["created_at"],
        "createdBy": row["created_by"],
        "id": row["id"],
        "notes": row["notes"],
        "revision": row["number"],
        "status": row["status"],
    }
    if row["notes"] is None and context.assumptions.absent_values == "omit":
        del item["notes"]
    return item


def show_resources(context: Context, deployment: sqlite3.Row, revision: sqlite3.Row) -> list[dict[str, Any]]:
    """Return the platform resource of a revision, with its errors."""
    spec = context.store.db.execute("SELECT name FROM specs WHERE id = ?", (deployment["spec_id"],)).fetchone()
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


def show_run_parameters(context: Context, revision: sqlite3.Row) -> dict[str, Any]:
    """Return the run parameters of a revision as a description has them."""
    declared = DeclaredParameters(release_of(context.store.db, revision))
    return {"run": declared.describe(json.loads(revision["run"]), context.assumptions)}


def _find_revision(context: Context, deployment_id: str, number: str) -> sqlite3.Row:
    if number == "latest" and context.assumptions.latest_alias == "accept":
        return newest_revision(context.store.db, deployment_id)
    if not (number.isascii() and number.isdecimal() and len(number) <= DIGITS):
        raise not_found("revision", number)
    row: sqlite3.Row | None = context.store.db.execute(
        "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment_id, int(number))
    ).fetchone()
    if row is None:
        raise not_found("revision", number)
    return row


def get_parameters(context: Context, call: Call) -> dict[str, Any]:
    """Return the run parameters by name, defaults filled in."""
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    return _show_values(context, deployment)


def patch_parameters(context: Context, call: Call) -> dict[str, Any]:
    """Change the values of some run parameters, and give all of them."""
    db, patch = context.store.db, call.body
    if not isinstance(patch, dict):
        raise InvalidRequestError([CheckFailure("", "The body must be an object of values by name.")])
    deployment = own_deployment(db, call.tenant, call.path["deployment_id"])
    revision = current_revision(db, deployment)
    release = release_of(db, revision)
    run = {**json.loads(revision["run"]), **patch}
    failures = check_values(DeclaredParameters(release).run, run, at="")
    if failures and context.assumptions.patched_parameters == "checked":
        raise InvalidRequestError(failures)
    if context.assumptions.run_parameter_patch == "revision":
        start_revision(context, call, deployment, Content(release, None, json.loads(revision["build"]), run))
        deployment = own_deployment(db, call.tenant, deployment["id"])
    else:
        context.store.update("revisions", revision["id"], run=json.dumps(run))
    return _show_values(context, deployment)


def _show_values(context: Context, deployment: sqlite3.Row) -> dict[str, Any]:
    revision = current_revision(context.store.db, deployment)
    declared = DeclaredParameters(release_of(context.store.db, revision))
    values = declared.effective(json.loads(revision["run"]))
    if context.assumptions.get_parameters_hidden == "masked":
        return mask_values(values, declared.hidden, context.assumptions.masked_value)
    return values


class DeclaredParameters:
    """The parameters that a release declares.

    Args:
        release: a row of `releases`.
    """

    def __init__(self, release: sqlite3.Row) -> None:
        declared = json.loads(release["parameters"])
        self.build: list[dict[str, Any]] = declared.get("build", [])
        self.run: list[dict[str, Any]] = declared.get("run", [])

    @property
    def hidden(self) -> set[str]:
        """Names of the run parameters that are hidden."""
        return {item["name"] for item in self.run if hides(item)}

    def check(self, build: Mapping[str, Any], run: Mapping[str, Any]) -> list[CheckFailure]:
        """Return the values that the declarations do not allow, and those that are missing."""
        failures = check_values(self.build, build, at="parameters.build")
        return failures + check_values(self.run, run, at="parameters.run")

    def effective(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the run parameters as the block reads them: the given ones, else their defaults."""
        defaults = {item["name"]: item["defaultValue"] for item in self.run if "defaultValue" in item}
        return {**defaults, **given}

    def describe(self, given: Mapping[str, Any], assumptions: Assumptions) -> list[dict[str, Any]]:
        """Return `parameters.run` of a description, hidden values masked."""
        values = mask_values(self.effective(given), self.hidden, assumptions.masked_value)
        shown = []
        for item in self.run:
            value = {"value": values[item["name"]]} if item["name"] in values else {}
            if assumptions.described_parameters == "pair":
                shown.append({"name": item["name"], **value})
            else:
                shown.append({**mask_declaration(item, assumptions.masked_value), **value})
        return shown


def carry_over(
    old: Mapping[str, Any], new: Mapping[str, Any] | None, declarations: list[dict[str, Any]], policy: str
) -> dict[str, Any]:
    """Return the values of a new revision.

    Args:
        old: values of the revision before.
        new: values in the body; None: the body has none.
        declarations: parameters of the new revision's release; only their old values are kept.
        policy: `keep`, `merge` or `defaults`, a value of the assumption `revision_parameters`.
    """
    declared = {item["name"] for item in declarations}
    kept = {name: value for name, value in old.items() if name in declared}
    if policy == "merge":
        return {**kept, **(new or {})}
    if policy == "keep" and new is None:
        return kept
    return dict(new or {})
