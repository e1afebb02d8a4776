"""Simulated rollouts: the statuses that a deployment and its revisions go through.

    deploy    deploying (a redeploy: redeploying) -> deployed | warning | failed | platform_resource_error
                                                  -> rollback -> rollback_complete | rollback_failed
    delete    deleting -> gone | delete_failed

How a rollout ends, and how long each status lasts, is decided when it begins.
"""

from __future__ import annotations

import json
import math
from collections import deque
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict

from pulumi_press.emulator.assumptions import AT_ONCE, Pacing
from pulumi_press.emulator.backend.store import timestamp
from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from pulumi_press.emulator.assumptions import Settings
    from pulumi_press.emulator.backend.store import Clock, Store

__all__ = ["ROLLED_BACK", "UNDER_WAY", "OutcomeRule", "Outcomes", "ResourceError", "Rollouts"]

LIVE = ("deployed", "warning")
"""A revision with one of these statuses runs."""

UNDER_WAY = ("deploying", "redeploying", "rollback", "deleting")
"""The status of a deployment in one of these will change."""

ROLLED_BACK = ("rollback", "rollback_complete", "rollback_failed")
WITHOUT_END = ("deploying", "deleting")


GONE = "gone"
"""How a delete ends without a rule."""

DELETES = ("deleting", "delete_failed")


@shape
class ResourceError(TypedDict):
    """What went wrong with the platform resource."""

    code: int
    """As the service numbers it."""
    message: str
    """In words."""


@shape
class OutcomeRule(TypedDict, total=False):
    """Which rollouts end how. `delete_failed` and `deleting` are about deletes, all others about deploys."""

    deployment: str
    """Name of the deployment; `*` and `?` stand for letters. Default: every one."""
    tenant: str
    """Its tenant. Default: every one."""
    revision: int | Literal["every"]
    """Number of the revision. Default: every one."""
    status: Required[
        Literal[
            "deployed", "warning", "failed", "platform_resource_error", "rollback", "rollback_complete",
            "rollback_failed", "deploying", "deleting", "delete_failed",
        ]
    ]  # fmt: skip
    """The last status. `deploying`, `rollback` and `deleting` mean that the rollout never ends."""
    errors: list[ResourceError]
    """Errors of the platform resource. Default: one that says that this was asked for."""
    rollout: str
    """How long each status before it lasts: `at-once`, `reads:N` or `seconds:S`. Default: as for all."""
    times: Annotated[int, Field(ge=1)]
    """So many rollouts. Default: all that come."""


@dataclass(frozen=True)
class Outcome:
    """How one rollout goes.

    Args:
        status: its last status, or `GONE`.
        errors: `code` and `message` of each error of the platform resource.
        pacing: how long each status lasts; None for the usual.
    """

    status: str
    errors: tuple[dict[str, Any], ...] = ()
    pacing: Pacing | None = None


@dataclass
class _Rule:
    written: OutcomeRule
    left: int | None
    used: int = field(default=0)

    def matches(self, tenant: str, deployment: str, revision: int, *, delete: bool) -> bool:
        rule = self.written
        return (
            self.left != 0
            and (rule["status"] in DELETES) is delete
            and rule.get("tenant", tenant) == tenant
            and fnmatchcase(deployment, rule.get("deployment", "*"))
            and rule.get("revision", "every") in ("every", revision)
        )

    def outcome(self) -> Outcome:
        self.used += 1
        self.left = None if self.left is None else self.left - 1
        rule, pacing = self.written, self.written.get("rollout")
        error = {"code": 500, "message": f"The local Press was told to end this rollout as {rule['status']}."}
        errors = rule.get("errors", [] if rule["status"] in ("deployed", "deploying", "deleting") else [error])
        return Outcome(rule["status"], tuple(dict(item) for item in errors), Pacing.parse(pacing) if pacing else None)


class Outcomes:
    """The rules, in order: the first that matches a rollout decides how it ends."""

    def __init__(self) -> None:
        self._rules: deque[_Rule] = deque()

    def check(self, rules: Sequence[object]) -> list[CheckFailure]:
        """Return what is wrong with rules that were sent."""
        failures: list[CheckFailure] = []
        for index, rule in enumerate(rules):
            wrong = validate(OutcomeRule, rule, at=join("", index))
            if not wrong and isinstance(rule, dict) and "rollout" in rule:
                try:
                    Pacing.parse(rule["rollout"])
                except ValueError as error:
                    wrong = [CheckFailure(join("", index, "rollout"), str(error))]
            failures += wrong
        return failures

    def add(self, rules: Sequence[OutcomeRule]) -> None:
        """Add rules after the present ones."""
        self._rules.extend(_Rule(rule, rule.get("times")) for rule in rules)

    def take(self, tenant: str, deployment: str, revision: int, *, delete: bool = False) -> Outcome:
        """Return how a rollout that begins now will go, and count its rule as used."""
        for rule in self._rules:
            if rule.matches(tenant, deployment, revision, delete=delete):
                return rule.outcome()
        return Outcome(GONE if delete else "deployed")

    def describe(self) -> list[dict[str, Any]]:
        """Return the rules as they were sent, each with how often it was used, and how often it still applies."""
        return [{**rule.written, "used": rule.used, "left": rule.left} for rule in self._rules]

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()


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


class Rollouts:
    """The rollouts under way, within transactions.

    Args:
        store: the objects.
        clock: when a rollout by time takes its next step.
        outcomes: how rollouts end.
        settings: how long they take, and what is assumed about them.
    """

    def __init__(self, store: Store, clock: Clock, outcomes: Outcomes, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._outcomes = outcomes
        self._pacing = settings.pacing
        self._assumptions = settings.assumptions
        self.steps = 0
        """Number of steps that were taken, from one status to the next."""

    def begin_deploy(self, deployment: sqlite3.Row, revision: int, *, status: str = "deploying") -> None:
        """Roll out a revision.

        Args:
            deployment: the row.
            revision: number of the revision.
            status: status of the deployment meanwhile.
        """
        outcome = self._outcomes.take(deployment["tenant"], deployment["name"], revision)
        self._set_status(deployment["id"], revision, self._clock.timestamp(), deployment=status, latest="deploying")
        self._store.db.execute(
            "UPDATE revisions SET errors = '[]' WHERE deployment_id = ? AND number = ?", (deployment["id"], revision)
        )
        # A rollout that another overtakes never ends: its revision will not run.
        self._supersede(deployment["id"], revision, ("deploying", "rollback"), self._clock.timestamp())
        if self._assumptions.superseded == "when-created":
            self._supersede(deployment["id"], revision, LIVE, self._clock.timestamp())
        steps = ("rollback", outcome.status) if outcome.status in ROLLED_BACK[1:] else (outcome.status,)
        self._begin(deployment["id"], revision, steps, outcome)

    def begin_delete(self, deployment: sqlite3.Row, revision: int) -> None:
        """Delete a deployment: at once, or as a rollout, by the assumptions and the outcome rules."""
        outcome = self._outcomes.take(deployment["tenant"], deployment["name"], revision, delete=True)
        if outcome.pacing is None and self._assumptions.delete_deployment == "synchronous":
            outcome = replace(outcome, pacing=AT_ONCE)
        self._set_status(deployment["id"], revision, self._clock.timestamp(), deployment="deleting", latest="deleting")
        self._begin(deployment["id"], revision, (outcome.status,), outcome)

    def advance(self) -> None:
        """Take every step that is due by now. Every call begins with it."""
        now = self._clock.now()
        for row in self._store.db.execute("SELECT * FROM rollouts WHERE due_at <= ?", (now,)).fetchall():
            rollout: _Rollout | None = _Rollout.of(row)
            while rollout and rollout.due_at is not None and rollout.due_at <= now:
                rollout = self._step(rollout)

    def count_read(self, tenant: str, deployment_id: str | None) -> None:
        """Count a response that shows the status of a tenant's deployment, or of all of them if no id is given."""
        rows = self._store.db.execute(
            "SELECT rollouts.* FROM rollouts JOIN deployments ON deployments.id = deployment_id "
            "WHERE reads_left IS NOT NULL AND tenant = ? AND (?2 IS NULL OR deployment_id = ?2)",
            (tenant, deployment_id),
        ).fetchall()
        for row in rows:
            rollout: _Rollout | None = _Rollout.of(row)
            if rollout and not rollout.reads_left:
                rollout = self._step(rollout)
            if rollout and rollout.reads_left:
                self._save(replace(rollout, reads_left=rollout.reads_left - 1))

    def record_status(self, revision_id: str, status: str, at: str) -> None:
        """Record that a revision has a status from a time on."""
        self._store.insert("statuses", revision_id=revision_id, status=status, at=at)

    def show_statuses(self, revision_id: str) -> list[dict[str, str]]:
        """Return the statuses that a revision has had: `status` and `at`, in order, the current one last."""
        rows = self._store.db.execute(
            "SELECT status, at FROM statuses WHERE revision_id = ? ORDER BY seq", (revision_id,)
        ).fetchall()
        return [{"status": row["status"], "at": row["at"]} for row in rows]

    def _begin(self, deployment_id: str, revision: int, steps: tuple[str, ...], outcome: Outcome) -> None:
        """Store the rollout, and take the steps that need no time."""
        self._store.db.execute("DELETE FROM rollouts WHERE deployment_id = ?", (deployment_id,))
        steps = tuple(step for step in steps if step not in WITHOUT_END)
        if not steps:
            return
        pacing = outcome.pacing or self._pacing
        begun = _Rollout(deployment_id, revision, steps, outcome.errors, pacing, None, None)
        rollout: _Rollout | None = self._pace(begun)
        while rollout:
            if pacing.kind != "at-once":
                self._save(rollout)
                break
            rollout = self._step(rollout)

    def _pace(self, rollout: _Rollout) -> _Rollout:
        """Return the rollout with the time, or the reads, of its next step."""
        if rollout.pacing.kind == "seconds":
            start = self._clock.now() if rollout.due_at is None else rollout.due_at
            return replace(rollout, due_at=start + rollout.pacing.amount)
        if rollout.pacing.kind == "reads":
            return replace(rollout, reads_left=math.floor(rollout.pacing.amount))
        return rollout

    def _step(self, rollout: _Rollout) -> _Rollout | None:
        """Take the next step; store and return what remains of the rollout."""
        self.steps += 1
        step, *rest = rollout.steps
        if step == GONE:
            self._remove(rollout.deployment_id)
            return None
        moment = self._clock.timestamp() if rollout.due_at is None else timestamp(rollout.due_at)
        self._set_status(rollout.deployment_id, rollout.revision, moment, deployment=step, latest=step)
        if step in LIVE:
            self._store.update("deployments", rollout.deployment_id, live=rollout.revision)
            self._supersede(rollout.deployment_id, rollout.revision, LIVE, moment)
        if step == "rollback_complete":
            self._revive(rollout.deployment_id, moment)
        if rollout.errors:
            errors = [{**error, "createdAt": moment} for error in rollout.errors]
            self._store.db.execute(
                "UPDATE revisions SET errors = ? WHERE deployment_id = ? AND number = ?",
                (json.dumps(errors), rollout.deployment_id, rollout.revision),
            )
        if not rest:
            self._store.db.execute("DELETE FROM rollouts WHERE deployment_id = ?", (rollout.deployment_id,))
            return None
        left = self._pace(replace(rollout, steps=tuple(rest), errors=()))
        self._save(left)
        return left

    def _save(self, rollout: _Rollout) -> None:
        self._store.db.execute(
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

    def _set_status(self, deployment_id: str, revision: int, at: str, *, deployment: str, latest: str) -> None:
        """Change the status of a deployment, and that of the revision that is rolled out."""
        self._store.update("deployments", deployment_id, status=deployment)
        self._mark(latest, at, "deployment_id = ? AND number = ?", deployment_id, revision)

    def _supersede(self, deployment_id: str, revision: int, statuses: tuple[str, str], at: str) -> None:
        """Mark the earlier revisions that have one of two statuses as superseded."""
        where = "deployment_id = ? AND number < ? AND status IN (?, ?)"
        self._mark("superseded", at, where, deployment_id, revision, *statuses)

    def _revive(self, deployment_id: str, at: str) -> None:
        """Mark the live revision as deployed: after a rollback it runs again."""
        live = "number = (SELECT live FROM deployments WHERE id = ?)"
        where = f"deployment_id = ? AND status = 'superseded' AND {live}"
        self._mark("deployed", at, where, deployment_id, deployment_id)

    def _remove(self, deployment_id: str) -> None:
        """Delete the deployment, and its spec if only this deployment kept it."""
        db = self._store.db
        row = db.execute("SELECT spec_id FROM deployments WHERE id = ?", (deployment_id,)).fetchone()
        db.execute("DELETE FROM deployments WHERE id = ?", (deployment_id,))
        db.execute(
            "DELETE FROM specs WHERE id = ? AND deleted = 1 "
            "AND NOT EXISTS (SELECT 1 FROM deployments WHERE spec_id = ?)",
            (row["spec_id"], row["spec_id"]),
        )

    def _mark(self, status: str, at: str, where: str, *values: Any) -> None:
        """Change the status of the revisions that meet a condition, and record when.

        Args:
            status: the new status.
            at: when it begins, as the API writes times.
            where: SQL condition on `revisions`.
            values: of the question marks in it.
        """
        db = self._store.db
        changing = db.execute(f"SELECT id FROM revisions WHERE ({where}) AND status != ?", (*values, status)).fetchall()  # noqa: S608  (conditions of our own)
        for row in changing:
            self._store.update("revisions", row["id"], status=status)
            self.record_status(row["id"], status, at)
