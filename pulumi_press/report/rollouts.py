"""Telling a rollout as part of its deployment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi_press.plugin.rollout import WANTED
from pulumi_press.report.report import Change, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_press.report.steps import Step

__all__ = ["ROLLOUT", "fold_rollouts", "parent_of"]

ROLLOUT = "Rollout"
DEPLOYMENT = "BlockDeployment"
WHOLE = (Outcome.CREATE, Outcome.REPLACE, Outcome.DESTROY)


def parent_of(step: Step) -> str:
    """Give the URN of the deployment that a rollout belongs to."""
    state = step.new or step.old
    return state.parent if state else ""


def fold_rollouts(changes: Iterable[Change], rollouts: Mapping[str, Step], *, failed: bool) -> list[Change]:
    """Tell each rollout with its deployment: nothing where it follows from it, in a few words where it does not.

    Args:
        changes: the changes, with those of rollouts.
        rollouts: the steps on rollouts, by their URN.
        failed: whether the engine stopped early, so that steps may be missing.
    """
    told = {change.urn: change for change in changes}
    has_rollout = set()
    for urn, step in rollouts.items():
        rollout, parent = told.pop(urn), parent_of(step)
        has_rollout.add(parent)
        deployment = told.get(parent)
        if deployment is not None and (deployment.outcome in WHOLE or deployment.revision):
            if rollout.failed:
                told[parent] = replace(deployment, failed=True, rollout="the rollout failed")
            continue
        if failed and deployment is None and rollout.verb in ("create", "delete"):
            # The step on the deployment is one of those that are missing.
            continue
        words, outcome = _describe(rollout, step)
        rollout = replace(rollout, leaves=rollout.leaves if rollout.verb == "update" else ())
        if deployment is not None:
            outcome = min(outcome, deployment.outcome, key=list(Outcome).index)
            leaves = (*deployment.leaves, *rollout.leaves)
            has_failed = deployment.failed or rollout.failed
            told[parent] = replace(deployment, rollout=words, outcome=outcome, leaves=leaves, failed=has_failed)
        else:
            key = parent or urn
            told[key] = replace(rollout, urn=key, type=DEPLOYMENT, rollout=words, outcome=outcome, note="")
    if failed:
        return list(told.values())
    return [_add_unwatched(change) if change.urn not in has_rollout else change for change in told.values()]


def _describe(rollout: Change, step: Step) -> tuple[str, Outcome]:
    if rollout.verb == "create":
        return "its rollout is waited for; should it have failed, it is deployed again first", Outcome.ROLLOUT
    if rollout.verb == "delete":
        return "its rollouts are no longer waited for", Outcome.NOTE
    status = next((leaf.old for leaf in rollout.leaves if leaf.path == "status"), WANTED)
    if status != WANTED:
        return "deployed again, for its last rollout did not end well", Outcome.ROLLOUT
    if step.old is not None and step.old.failures:
        return "waited for again, for the last rollout failed", Outcome.ROLLOUT
    if any(leaf.path == "revision" for leaf in rollout.leaves):
        return "the rollout of its live revision is waited for", Outcome.ROLLOUT
    return "changes how its rollouts are waited for", Outcome.NOTE


def _add_unwatched(change: Change) -> Change:
    runs = change.outcome is Outcome.CREATE or (change.outcome is Outcome.REVISION and bool(change.revision))
    if change.type == DEPLOYMENT and runs:
        return replace(change, rollout="its rollout is not waited for")
    return change
