"""Report rollouts with their deployments: as a child of a dynamic one, and as the status of a native one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi_press.provider.awaited import WANTED
from pulumi_press.provider.waiting import MOVING
from pulumi_press.report.model import ABSENT, Change, Outcome
from pulumi_press.report.read.operation import Urn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pulumi_press.report.model import PropertyDiff
    from pulumi_press.report.read.operation import Step

__all__ = ["DEPLOYMENT", "ROLLOUT", "describe_own_rollout", "merge_rollouts"]

STARTS = "its rollout is waited for; should it have failed, it is deployed again first"
ENDS = "its rollouts are no longer waited for"
AGAIN = "deployed again, for its last rollout did not end well"
AFTER_FAILURE = "waited for again, for the last rollout failed"
GOES_ON = "waited for again, for its last rollout had not ended"
CHANGES = "changes how its rollouts are waited for"
FAILED = "the rollout failed"
UNWATCHED = "its rollout is not waited for"

ROLLOUT = "Rollout"
DEPLOYMENT = "BlockDeployment"
WHOLE = (Outcome.CREATE, Outcome.REPLACE, Outcome.DESTROY)


def _parent_of(step: Step) -> str:
    """Return the URN of the deployment of a rollout."""
    state = step.new or step.old
    return state.parent if state else ""


def merge_rollouts(
    changes: Iterable[Change], rollouts: Mapping[str, Step], moved: Collection[str], *, failed: bool
) -> list[Change]:
    """Merge the change of each rollout into its deployment's; one that follows from the deployment's adds nothing.

    Args:
        changes: all changes, those of rollouts included.
        rollouts: the steps on rollouts, by URN.
        moved: URNs of resources that move between dynamic provider and native plugin, before and after.
        failed: whether the engine stopped early, so that steps may be missing.
    """
    merged = {change.urn: change for change in changes}
    has_rollout = set()
    for urn, step in rollouts.items():
        rollout, parent = merged.pop(urn), _parent_of(step)
        has_rollout.add(parent)
        if parent in moved:
            # A native deployment waits itself.
            continue
        deployment = merged.get(parent)
        if deployment is not None and (deployment.outcome in WHOLE or deployment.revision):
            if rollout.failed:
                merged[parent] = replace(deployment, failed=True, rollout=FAILED)
            continue
        if failed and deployment is None and rollout.verb in ("create", "delete"):
            # The step on the deployment is missing.
            continue
        text, outcome = _describe_rollout(rollout, step)
        rollout = replace(rollout, properties=rollout.properties if rollout.verb == "update" else ())
        if deployment is not None:
            outcome = min(outcome, deployment.outcome, key=list(Outcome).index)
            properties = (*deployment.properties, *rollout.properties)
            has_failed = deployment.failed or rollout.failed
            merged[parent] = replace(
                deployment, rollout=text, outcome=outcome, properties=properties, failed=has_failed
            )
        else:
            key = parent or urn
            merged[key] = replace(rollout, urn=key, type=DEPLOYMENT, rollout=text, outcome=outcome, note="")
    if failed:
        return list(merged.values())
    return [
        change if change.urn in has_rollout or Urn.parse(change.urn).is_native else _note_unwatched(change)
        for change in merged.values()
    ]


def _describe_rollout(rollout: Change, step: Step) -> tuple[str, Outcome]:
    if rollout.verb == "create":
        return STARTS, Outcome.ROLLOUT
    if rollout.verb == "delete":
        return ENDS, Outcome.NOTE
    status = next((diff.old for diff in rollout.properties if diff.path == "status"), WANTED)
    if status != WANTED:
        return AGAIN, Outcome.ROLLOUT
    if step.old is not None and step.old.init_errors:
        return AFTER_FAILURE, Outcome.ROLLOUT
    if any(diff.path == "revision" for diff in rollout.properties):
        return "the rollout of its live revision is waited for", Outcome.ROLLOUT
    return CHANGES, Outcome.NOTE


def _note_unwatched(change: Change) -> Change:
    runs = change.outcome is Outcome.CREATE or (change.outcome is Outcome.REVISION and bool(change.revision))
    return replace(change, rollout=UNWATCHED) if change.type == DEPLOYMENT and runs else change


STATUS = "status"
WAIT = "wait"
HOW = ("on_failure", "timeouts")
"""Inputs about waiting."""


def describe_own_rollout(change: Change, step: Step) -> Change:
    """Report the rollout of a native deployment, which waits itself.

    Args:
        change: the change of the deployment.
        step: the step on it.
    """
    found = {diff.path: diff for diff in change.properties}
    others = tuple(diff for diff in change.properties if diff.path != STATUS)
    if change.verb in ("create", "replace") or change.revision:
        # Its rollout goes without saying.
        waits = change.verb == "replace" or step.new is None or step.new.planned.get(WAIT) is not False
        return replace(change, properties=others, rollout=FAILED if step.unready else "" if waits else UNWATCHED)
    if change.verb != "update":
        return replace(change, properties=others)
    text, outcome = _describe_own(found, step)
    if outcome is not Outcome.ROLLOUT:
        change = replace(change, properties=others)
    note = "" if text else change.note
    return replace(change, rollout=text, outcome=min(outcome, change.outcome, key=list(Outcome).index), note=note)


def _describe_own(found: Mapping[str, PropertyDiff], step: Step) -> tuple[str, Outcome]:
    if WAIT in found:
        return (ENDS, Outcome.NOTE) if found[WAIT].new is False else (STARTS, Outcome.ROLLOUT)
    status = found[STATUS].old if STATUS in found else WANTED
    if isinstance(status, str) and status in MOVING:
        return GOES_ON, Outcome.ROLLOUT
    if status not in (WANTED, ABSENT):
        return AGAIN, Outcome.ROLLOUT
    if step.old is not None and step.old.init_errors:
        return AFTER_FAILURE, Outcome.ROLLOUT
    return (CHANGES if any(path.partition(".")[0] in HOW for path in found) else ""), Outcome.NOTE
