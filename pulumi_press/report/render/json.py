"""Render a report as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.report.model import ABSENT, Outcome, exit_code
from pulumi_press.report.render.lines import describe, describe_drift, to_json, to_text
from pulumi_press.report.render.sections import read_verdict

if TYPE_CHECKING:
    from pulumi_press.report.model import Change, Drift, Message, PropertyDiff, Report, StackReport

__all__ = ["render_json"]

FORMAT = 1
"""Version of the format: raised when a key changes its meaning or is removed, not when one is added."""


def render_json(report: Report) -> str:
    """Render a report as JSON.

    Args:
        report: the report.

    Returns:
        An object with `format`, `exit_code` (of the command without `--fail-on`), `failed` and `stacks`.

    Example:
        ```python
        releases = [change for change in json.loads(render_json(report))["stacks"][0]["changes"] if change["release"]]
        ```
    """
    document = {
        "format": FORMAT,
        "exit_code": exit_code(report),
        "failed": report.failed,
        "stacks": [_write_stack(stack) for stack in report.stacks],
    }
    return json.dumps(document, indent=2) + "\n"


def _write_stack(stack: StackReport) -> dict[str, Any]:
    counts = stack.counts
    return {
        "project": stack.project,
        "stack": stack.stack,
        "operation": "update" if stack.is_update else "preview",
        "failed": stack.failed,
        "verdict": "; ".join(filter(None, read_verdict(stack))),
        "counts": {outcome.value: counts.get(outcome, 0) for outcome in Outcome},
        "unchanged": stack.unchanged,
        "changes": [_write_change(change) for change in stack.changes],
        "drift": [_write_drift(drift) for drift in stack.drift],
        "messages": [_write_message(message) for message in stack.messages],
    }


def _write_change(change: Change) -> dict[str, Any]:
    files = change.files
    return {
        "urn": change.urn,
        "name": change.name,
        "type": change.type,
        "is_press": change.is_press,
        "block": change.block or None,
        "outcome": change.outcome.value,
        "is_destructive": change.outcome.is_destructive,
        "verb": change.verb,
        "summary": to_text(describe(change)),
        "release": _write_pair(change.release),
        "revision": _write_pair(change.revision),
        "files": vars(files) if files else None,
        "forced_by": change.forced_by,
        "failed": change.failed,
        "properties": [_write_property(diff) for diff in change.properties],
    }


def _write_drift(drift: Drift) -> dict[str, Any]:
    return {
        "urn": drift.urn,
        "name": drift.name,
        "type": drift.type,
        "is_press": drift.is_press,
        "gone": drift.gone,
        "summary": to_text(describe_drift(drift)),
        "answer": drift.answer or None,
        "properties": [_write_property(diff) for diff in drift.properties],
    }


def _write_message(message: Message) -> dict[str, Any]:
    return {
        "severity": message.severity,
        "text": message.text,
        "name": message.name or None,
        "type": message.type or None,
    }


def _write_property(diff: PropertyDiff) -> dict[str, Any]:
    values = {name: to_json(value) for name, value in (("old", diff.old), ("new", diff.new)) if value is not ABSENT}
    return {
        "path": diff.path,
        **values,
        "effect": diff.effect or None,
        "forces_replacement": diff.forces,
        "drifted": diff.drifted,
    }


def _write_pair(pair: tuple[Any, Any] | None) -> dict[str, Any] | None:
    return None if pair is None else {"old": to_json(pair[0]), "new": to_json(pair[1])}
