"""Rollouts: the statuses that a deployment and its revisions go through.

    deploy    deploying (a redeploy: redeploying) -> deployed | warning | failed | platform_resource_error
                                                  -> rollback -> rollback_complete | rollback_failed
    delete    deleting -> gone | delete_failed

How a rollout ends, and how long each status lasts, is settled when it begins.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.clock import stamp
from pulumi_press.emulator.outcomes import GONE, Outcome
from pulumi_press.emulator.pacing import AT_ONCE, Pacing
from pulumi_press.emulator.statuses import mark_revisions

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.press import Press

__all__ = ["LIVE", "ROLLED_BACK", "UNDER_WAY", "begin_delete", "begin_deploy", "observe", "settle"]

LIVE = ("deployed", "warning")
"""A revision in one of these runs."""

UNDER_WAY = ("deploying", "redeploying", "rollback", "deleting")
"""A deployment in one of these is about to change its status."""

ROLLED_BACK = ("rollback", "rollback_complete", "rollback_failed")
WITHOUT_END = ("deploying", "deleting")


@dataclass(frozen=True)
class _Rollout:
    """A rollout under way, as it is stored."""

    deployment_id: str
    revision: int
    steps: tuple[str, ...]
    errors: tuple[dict[str, Any], ...]
    pacing: Pacing
    due_at: float | None
    reads_left: int | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> _Rollout:
        return cls(
            deployment_id=row["deployment_id"],
            revision=row["revision"],
            steps=tuple(json.loads(row["steps"])),
            errors=tuple(json.loads(row["errors"])),
            pacing=Pacing.parse(row["pacing"]),
            due_at=row["due_at"],
            reads_left=row["reads_left"],
        )


def begin_deploy(press: Press, deployment: sqlite3.Row, revision: int, *, status: str = "deploying") -> None:
    """Roll out a revision.

    Args:
        press: the local Press, within a transaction.
        deployment: the row.
        revision: number of the revision.
        status: what the deployment is called meanwhile.
    """
    outcome = press.outcomes.take(deployment["tenant"], deployment["name"], revision)
    _set_status(press, deployment["id"], revision, press.stamp(), deployment=status, latest="deploying")
    press.store.db.execute(
        "UPDATE revisions SET errors = '[]' WHERE deployment_id = ? AND number = ?", (deployment["id"], revision)
    )
    # A rollout that is overtaken never ends: what it was about will not run.
    _supersede(press, deployment["id"], revision, ("deploying", "rollback"), press.stamp())
    if press.assumptions.superseded == "when-created":
        _supersede(press, deployment["id"], revision, LIVE, press.stamp())
    steps = ("rollback", outcome.status) if outcome.status in ROLLED_BACK[1:] else (outcome.status,)
    _begin(press, deployment["id"], revision, steps, outcome)


def begin_delete(press: Press, deployment: sqlite3.Row, revision: int) -> None:
    """Delete a deployment, at once or in time, as the assumptions and the outcome rules have it."""
    outcome = press.outcomes.take(deployment["tenant"], deployment["name"], revision, delete=True)
    if outcome.pacing is None and press.assumptions.delete_deployment == "synchronous":
        outcome = replace(outcome, pacing=AT_ONCE)
    _set_status(press, deployment["id"], revision, press.stamp(), deployment="deleting", latest="deleting")
    _begin(press, deployment["id"], revision, (outcome.status,), outcome)


def settle(press: Press) -> None:
    """Let happen what is due by now. Every call begins with it."""
    now = press.clock.now()
    for row in press.store.db.execute("SELECT * FROM rollouts WHERE due_at <= ?", (now,)).fetchall():
        rollout: _Rollout | None = _Rollout.of(row)
        while rollout and rollout.due_at is not None and rollout.due_at <= now:
            rollout = _step(press, rollout)


def observe(press: Press, tenant: str, deployment_id: str | None) -> None:
    """Count an answer that shows the status of a tenant's deployment, or, without an id, of all that it has."""
    rows = press.store.db.execute(
        "SELECT rollouts.* FROM rollouts JOIN deployments ON deployments.id = deployment_id "
        "WHERE reads_left IS NOT NULL AND tenant = ? AND (?2 IS NULL OR deployment_id = ?2)",
        (tenant, deployment_id),
    ).fetchall()
    for row in rows:
        rollout: _Rollout | None = _Rollout.of(row)
        if rollout and not rollout.reads_left:
            rollout = _step(press, rollout)
        if rollout and rollout.reads_left:
            _store(press, replace(rollout, reads_left=rollout.reads_left - 1))


def _begin(press: Press, deployment_id: str, revision: int, steps: tuple[str, ...], outcome: Outcome) -> None:
    """Store the rollout, and take the steps that need no time."""
    press.store.db.execute("DELETE FROM rollouts WHERE deployment_id = ?", (deployment_id,))
    steps = tuple(step for step in steps if step not in WITHOUT_END)
    if not steps:
        return
    pacing = outcome.pacing or press.settings.pacing
    begun = _Rollout(deployment_id, revision, steps, outcome.errors, pacing, None, None)
    rollout: _Rollout | None = _pace(press, begun)
    while rollout:
        if pacing.kind != "at-once":
            _store(press, rollout)
            break
        rollout = _step(press, rollout)


def _pace(press: Press, rollout: _Rollout) -> _Rollout:
    """Say when the next step is due."""
    if rollout.pacing.kind == "seconds":
        start = press.clock.now() if rollout.due_at is None else rollout.due_at
        return replace(rollout, due_at=start + rollout.pacing.amount)
    if rollout.pacing.kind == "reads":
        return replace(rollout, reads_left=math.floor(rollout.pacing.amount))
    return rollout


def _step(press: Press, rollout: _Rollout) -> _Rollout | None:
    """Take the next step, and give what is left of the rollout, stored."""
    step, *rest = rollout.steps
    if step == GONE:
        _remove(press, rollout.deployment_id)
        return None
    moment = press.stamp() if rollout.due_at is None else stamp(rollout.due_at)
    _set_status(press, rollout.deployment_id, rollout.revision, moment, deployment=step, latest=step)
    if step in LIVE:
        press.store.update("deployments", rollout.deployment_id, live=rollout.revision)
        _supersede(press, rollout.deployment_id, rollout.revision, LIVE, moment)
    if step == "rollback_complete":
        _revive(press, rollout.deployment_id, moment)
    if rollout.errors:
        errors = [{**error, "createdAt": moment} for error in rollout.errors]
        press.store.db.execute(
            "UPDATE revisions SET errors = ? WHERE deployment_id = ? AND number = ?",
            (json.dumps(errors), rollout.deployment_id, rollout.revision),
        )
    if not rest:
        press.store.db.execute("DELETE FROM rollouts WHERE deployment_id = ?", (rollout.deployment_id,))
        return None
    left = _pace(press, replace(rollout, steps=tuple(rest), errors=()))
    _store(press, left)
    return left


def _store(press: Press, rollout: _Rollout) -> None:
    press.store.db.execute(
        "INSERT OR REPLACE INTO rollouts (deployment_id, revision, steps, errors, pacing, due_at, reads_left) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            rollout.deployment_id,
            rollout.revision,
            json.dumps(rollout.steps),
            json.dumps(rollout.errors),
            str(rollout.pacing),
            rollout.due_at,
            rollout.reads_left,
        ),
    )


def _set_status(press: Press, deployment_id: str, revision: int, at: str, *, deployment: str, latest: str) -> None:
    """Change the status of a deployment, and that of the revision that is rolled out."""
    press.store.update("deployments", deployment_id, status=deployment)
    mark_revisions(press, latest, at, "deployment_id = ? AND number = ?", deployment_id, revision)


def _supersede(press: Press, deployment_id: str, revision: int, statuses: tuple[str, str], at: str) -> None:
    """Mark the revisions before one that have one of two statuses."""
    where = "deployment_id = ? AND number < ? AND status IN (?, ?)"
    mark_revisions(press, "superseded", at, where, deployment_id, revision, *statuses)


def _revive(press: Press, deployment_id: str, at: str) -> None:
    """After a rollback the revision before runs again, whatever it was called meanwhile."""
    live = "number = (SELECT live FROM deployments WHERE id = ?)"
    where = f"deployment_id = ? AND status = 'superseded' AND {live}"
    mark_revisions(press, "deployed", at, where, deployment_id, deployment_id)


def _remove(press: Press, deployment_id: str) -> None:
    """Delete the deployment, and its spec if that was kept for it only."""
    db = press.store.db
    row = db.execute("SELECT spec_id FROM deployments WHERE id = ?", (deployment_id,)).fetchone()
    db.execute("DELETE FROM deployments WHERE id = ?", (deployment_id,))
    db.execute(
        "DELETE FROM specs WHERE id = ? AND deleted = 1 AND NOT EXISTS (SELECT 1 FROM deployments WHERE spec_id = ?)",
        (row["spec_id"], row["spec_id"]),
    )
