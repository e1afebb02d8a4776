"""Reading what `pulumi preview --json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.report.steps import (
    Operation,
    Refresh,
    Step,
    Telling,
    Urn,
    as_dict,
    as_list,
    as_text,
    as_texts,
    read_state,
)
from pulumi_press.report.summary import check_steps, read_summary
from pulumi_press.report.tellings import read_telling, settle

if TYPE_CHECKING:
    from pulumi_press.report.steps import State

__all__ = ["read_document"]

NO_SUMMARY = "the preview counts nothing, not even what stays the same: it is not all there"


def read_document(value: Any) -> Operation:
    """Read a preview in JSON.

    With `--refresh`, the steps of the refresh come first, but tell the state before it. What it found stands in the
    old state of a later step on the same resource, so it is known only where there is one.

    Raises:
        PreviewError: a part of it is of the wrong form.
    """
    document = as_dict(value, "the whole of it")
    summary = read_summary(document.get("changeSummary"), "changeSummary")
    steps, befores = [], {}
    for item in as_list(document.get("steps"), "steps"):
        step = _read_step(as_dict(item, "a step"))
        if step.op == "refresh":
            befores[step.urn.text] = step
        else:
            steps.append(step)
    listed = [(step.op, step.urn) for step in (*befores.values(), *steps)]
    # A run with `pulumi refresh` tells what it found as updates, on resources that have no other step.
    is_refresh = any(step.urn.type for step in befores.values()) and not any(
        step.op == "same" or step.urn.text in befores for step in steps
    )
    if is_refresh:
        refreshes = [Refresh(step.urn, step.old, step.new) for step in steps if step.old is not None]
        steps = []
    else:
        refreshes = _find_drift(steps, {urn: step.old for urn, step in befores.items() if step.old is not None})
    tellings = [
        read_telling(as_dict(item, "a diagnostic")) for item in as_list(document.get("diagnostics"), "diagnostics")
    ]
    told = settle(tellings)
    if not any(telling.severity == "error" for telling in told):
        # A preview that failed has steps that were begun and not counted.
        told += check_steps(listed, summary)
        if not any(summary.values()):
            # Where nothing changes, the engine counts what stays the same: the stack at least.
            told.append(Telling("error", NO_SUMMARY))
    return Operation(
        steps=[step for step in steps if step.op != "same"],
        refreshes=refreshes,
        tellings=told,
        unchanged=_count_unchanged(summary, steps, befores),
        failed=any(telling.severity == "error" for telling in told),
        knows_program=not is_refresh,
        urn=next((step.urn for step in (*steps, *befores.values()) if step.urn.stack), None),
    )


def _read_step(value: dict[str, Any]) -> Step:
    return Step(
        op=as_text(value.get("op"), "a step's op"),
        urn=Urn.parse(as_text(value.get("urn"), "a step's urn")),
        old=read_state(value.get("oldState"), is_custom=True),
        new=read_state(value.get("newState"), is_custom=True),
        diff=tuple(as_dict(value.get("detailedDiff"), "a step's detailedDiff"))
        or as_texts(value.get("diffReasons"), "a step's diffReasons"),
        forced_by=as_texts(value.get("replaceReasons"), "a step's replaceReasons"),
    )


def _find_drift(steps: list[Step], befores: dict[str, State]) -> list[Refresh]:
    found: dict[str, Refresh] = {}
    for step in steps:
        before = befores.get(step.urn.text)
        if before is None or (step.old is None and step.op != "create"):
            continue
        found.setdefault(step.urn.text, Refresh(step.urn, before, step.old))
    return list(found.values())


def _count_unchanged(summary: dict[str, int], steps: list[Step], befores: dict[str, Step]) -> int:
    if "same" not in summary:
        return 0
    told = [step for step in steps if step.op == "same"] or list(befores.values())
    return max(summary["same"] - len({step.urn.text for step in told if step.urn.is_scenery}), 0)
