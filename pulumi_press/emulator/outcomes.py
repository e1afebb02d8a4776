"""How rollouts end: rules that whoever tries things out lays down."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict

from pulumi_press.emulator.pacing import Pacing
from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GONE", "Outcome", "OutcomeRule", "Outcomes", "ResourceError"]

GONE = "gone"
"""How a delete ends when no rule says otherwise."""

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

    def fits(self, tenant: str, deployment: str, revision: int, *, delete: bool) -> bool:
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
        told = {"code": 500, "message": f"The local Press was told to end this rollout as {rule['status']}."}
        errors = rule.get("errors", [] if rule["status"] in ("deployed", "deploying", "deleting") else [told])
        return Outcome(rule["status"], tuple(dict(error) for error in errors), Pacing.parse(pacing) if pacing else None)


class Outcomes:
    """The rules, in order: the first that fits a rollout says how it ends."""

    def __init__(self) -> None:
        self._rules: deque[_Rule] = deque()

    def check(self, rules: Sequence[object]) -> list[CheckFailure]:
        """Find what is wrong with rules that somebody sent."""
        mistakes: list[CheckFailure] = []
        for index, rule in enumerate(rules):
            wrong = validate(OutcomeRule, rule, at=join("", index))
            if not wrong and isinstance(rule, dict) and "rollout" in rule:
                try:
                    Pacing.parse(rule["rollout"])
                except ValueError as error:
                    wrong = [CheckFailure(join("", index, "rollout"), str(error))]
            mistakes += wrong
        return mistakes

    def add(self, rules: Sequence[OutcomeRule]) -> None:
        """Lay down further rules, after those that are there."""
        self._rules.extend(_Rule(rule, rule.get("times")) for rule in rules)

    def take(self, tenant: str, deployment: str, revision: int, *, delete: bool = False) -> Outcome:
        """Say how a rollout that begins now will go, and count the rule as used."""
        for rule in self._rules:
            if rule.fits(tenant, deployment, revision, delete=delete):
                return rule.outcome()
        return Outcome(GONE if delete else "deployed")

    def describe(self) -> list[dict[str, Any]]:
        """Give the rules as they were written, with how often each was used and how often it still will be."""
        return [{**rule.written, "used": rule.used, "left": rule.left} for rule in self._rules]

    def clear(self) -> None:
        """Forget all rules."""
        self._rules.clear()
