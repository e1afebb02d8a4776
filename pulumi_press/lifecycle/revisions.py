"""Revisions of a deployment: numbering them ahead, and creating one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.api import PressError
from pulumi_press.lifecycle import run_parameters
from pulumi_press.lifecycle.fields import Effect, Field, find_changes
from pulumi_press.lifecycle.releases import describe_reasons
from pulumi_press.lifecycle.resource import name_of
from pulumi_press.lifecycle.values import Values, get, is_equal
from pulumi_press.schema import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_press.lifecycle.context import Context

__all__ = ["create_revision", "number_revision"]

FIRST = 1
"""The service numbers revisions from 1."""


def number_revision(fields: Iterable[Field], olds: Values, news: Values) -> Any:
    """Say which revision the deployment will run, so that a preview can show it; unknown where that is not certain."""
    number = olds.get("revision_number")
    if not isinstance(number, int):
        return FIRST
    changes = [change for change in find_changes(fields, olds, news) if change.field.effect is Effect.REVISION]
    if not changes:
        return number
    certain = any(not contains_unknown(change.field.value(news)) for change in changes)
    return number + 1 if certain else UNKNOWN


def create_revision(identity: str, olds: Values, news: Values, leaves: Sequence[str], context: Context) -> int:
    """Create a revision; give its number.

    The POST is sent once. If its answer was lost, the latest revision is looked up: a later one with the same release,
    notes and run parameters is the one that was to be made.
    """
    before = int(olds.get("revision_number", 0))
    # Both groups are always sent: what a revision does not name, it may keep from the one before.
    body: Values = {"parameters": {group: get(news, f"parameters.{group}") or {} for group in ("build", "run")}}
    if version := get(news, "spec.release.version"):
        body["release"] = {"version": version}
    if notes := get(news, "revision.notes"):
        body["revision"] = {"notes": notes}
    try:
        number = int(context.press.create_deployment_revision(identity, body)["revision"])
    except PressError as error:
        found = _find(identity, before, body, context) if error.outcome_unknown else None
        if found is None:
            raise
        number = found
    context.tell(f"{name_of(news)}: revision {before} -> {number} because {describe_reasons(leaves, olds, news)}")
    return number


def _find(identity: str, before: int, body: Values, context: Context) -> int | None:
    number = int(context.press.describe_deployment(identity)["latestRevision"]["revision"])
    if number <= before:
        return None
    made, run = context.press.describe_deployment_revision(identity, number), body["parameters"]["run"]
    is_ours = (
        (made.get("notes") or None) == get(body, "revision.notes")
        and get(body, "release.version") in (None, get(made, "spec.release.version"))
        and is_equal(run_parameters.project(made, run) or {}, run)
    )
    return number if is_ours else None
