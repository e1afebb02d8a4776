"""A preview that contradicts itself, or that is not understood, passes no gate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import FailOn, PreviewError, exit_code, read_preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.report.conftest import Preview

    Find = Callable[[str], Path]

DESTROY = [FailOn.DESTROY]
OLD = {"kind": "workflow", "metadata": {"name": "etl", "summary": "First"}}


def read_log(path: Path) -> list[dict[str, Any]]:
    """Read the events of a log."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_log(events: list[dict[str, Any]]) -> str:
    """Write events as a log."""
    return "\n".join(map(json.dumps, events))


def judge(source: str | list[dict[str, Any]]) -> tuple[int, str]:
    """Return the exit code with `--fail-on destroy`, and the messages."""
    report = read_preview(source)
    return exit_code(report, DESTROY), "\n".join(item.text for stack in report.stacks for item in stack.messages)


@pytest.mark.parametrize(
    "doubled",
    [
        ('"op": "delete"', '"op": "delete", "op": "same"'),
        ('"steps": [', '"steps": [], "steps": ['),
        ('"delete": 2', '"delete": 0, "delete": 2'),
        ('"retainOnDelete"', '"urn": "x", "retainOnDelete"'),
    ],
)
def test_a_key_that_stands_twice_is_refused(recording: Find, doubled: tuple[str, str]) -> None:
    """Of two values under one key nobody knows which the engine meant."""
    text = json.dumps(json.loads(recording("deployment-removed").read_text(encoding="utf-8")))
    text = text.replace('"oldState": {', '"oldState": {"retainOnDelete": false, ')
    assert doubled[0] in text

    with pytest.raises(PreviewError, match="twice"):
        read_preview(text.replace(*doubled, 1))


@pytest.mark.parametrize("name", ["deployment-removed", "destroy", "kind-replace"])
def test_a_key_that_stands_twice_in_the_last_line_of_a_log_is_refused(event_log: Find, name: str) -> None:
    """The last line may be cut off; one that is whole is read like any other."""
    text = write_log(read_log(event_log(name)))
    head, _, last = text.rpartition("\n")

    with pytest.raises(PreviewError, match="twice"):
        read_preview(f'{head}\n{last[:-1]}, "sequence": 1}}')


@pytest.mark.parametrize("op", ["destroy", "Delete", "", "replace-with-fire", "delete\u202e"])
def test_an_operation_that_is_not_known_is_a_failure(preview: Preview, event_log: Find, op: str) -> None:
    """What the engine does under a new name may destroy something: no gate passes it, in either format."""
    preview.add(op, "BlockSpec", "etl", OLD)
    code, text = judge(preview.write())
    assert (code, "does not know" in text) == (1, True)

    log = read_log(event_log("deployment-removed"))
    for event in log:
        for value in event.values():
            if isinstance(value, dict) and value.get("metadata", {}).get("op") == "delete":
                value["metadata"]["op"] = op
            if isinstance(value, dict) and "resourceChanges" in value:
                value["resourceChanges"] = {"same": 6, op: 2}
    code, text = judge(log)
    assert (code, "does not know" in text) == (1, True)


@pytest.mark.parametrize(
    "counts",
    [
        {"same": 6, "delete": 3},
        {"same": 6, "delete": 1},
        {"same": 6},
        {"same": 6, "delete": 2, "replace": 1},
        {"same": 6, "update": 2},
        {"same": 6, "delete": 2, "annihilate": 1},
        None,
    ],
)
def test_steps_that_do_not_add_up_to_the_summary_are_a_failure(
    recording: Find, event_log: Find, counts: dict[str, int] | None
) -> None:
    """A step that is missing may be the one that destroys, in either format."""
    document = json.loads(recording("deployment-removed").read_text(encoding="utf-8"))
    document["changeSummary"] = counts
    code, text = judge(json.dumps(document))
    assert (code, "summary" in text or "does not know" in text) == (1, True)

    log = read_log(event_log("deployment-removed"))
    for event in log:
        if "summaryEvent" in event:
            event["summaryEvent"]["resourceChanges"] = counts
    code, text = judge(log)
    assert (code, "summary" in text or "does not know" in text) == (1, True)


@pytest.mark.parametrize("name", ["deployment-removed", "kind-replace", "mixed-change", "drift-refresh-only"])
def test_a_step_that_was_taken_out_is_a_failure(recording: Find, event_log: Find, name: str) -> None:
    """The summary reveals any missing step."""
    document = json.loads(recording(name).read_text(encoding="utf-8"))
    steps = document["steps"]
    for index, step in enumerate(steps):
        if step["op"] in ("update", "delete", "replace"):
            assert judge(json.dumps({**document, "steps": steps[:index] + steps[index + 1 :]}))[0] == 1
    urn = next(step["urn"] for step in steps if step["op"] in ("update", "delete", "replace"))
    log = [event for event in read_log(event_log(name)) if urn not in json.dumps(event.get("resourcePreEvent"))]
    assert judge(log)[0] == 1


@pytest.mark.parametrize("count", ["2", 2.5, True, [2], {"x": 2}])
def test_a_summary_that_counts_nothing_is_refused(recording: Find, count: Any) -> None:
    """A count is a whole number."""
    document = json.loads(recording("deployment-removed").read_text(encoding="utf-8"))
    document["changeSummary"]["delete"] = count

    with pytest.raises(PreviewError, match="changeSummary"):
        read_preview(json.dumps(document))


@pytest.mark.parametrize("ops", [("delete", "update"), ("delete", "create"), ("delete-replaced", "update")])
@pytest.mark.parametrize("order", [1, -1])
def test_a_deletion_is_told_whatever_else_happens_under_the_name(
    preview: Preview, ops: tuple[str, str], order: int
) -> None:
    """Two steps may be about one name: that another follows or precedes hides no deletion."""
    for op in ops[::order]:
        preview.add(op, "BlockSpec", "etl", OLD, None if "delete" in op else {**OLD, "featured": True})

    assert judge(preview.write())[0] == 3


@pytest.mark.parametrize("custom", ["missing", None, "true", 1])
def test_only_what_says_so_is_a_mere_group(preview: Preview, custom: Any) -> None:
    """A component has nothing that could be destroyed: the engine must say that it is one."""
    preview.add("delete", "BlockSpec", "etl", OLD)
    state = preview.steps[-1]["oldState"]
    if custom == "missing":
        del state["custom"]
    else:
        state["custom"] = custom

    assert judge(preview.write())[0] == 3


def test_a_deletion_after_a_look_is_a_deletion(event_log: Find) -> None:
    """A log that lacks the result of a look does not turn the next step into drift."""
    log = read_log(event_log("deployment-removed"))
    first = next(index for index, event in enumerate(log) if "resourcePreEvent" in event)
    looks = []
    for event in log[first:]:
        value = event.get("resourcePreEvent")
        if value and value["metadata"]["op"] == "delete":
            looks.append({"resourcePreEvent": {**value, "metadata": {**value["metadata"], "op": "refresh"}}})

    assert looks
    assert judge([*log[:first], *looks, *log[first:]])[0] == 3


@pytest.mark.parametrize("rest", ['{"resourcePreEvent": {"metadata": {"op": "del', "[" * 100_000, '{"a'])
def test_what_comes_after_the_end_of_a_log_is_a_failure(event_log: Find, rest: str) -> None:
    """A log with an unreadable line after its summary is incomplete."""
    assert judge(write_log(read_log(event_log("nothing"))) + f"\n{rest}")[0] == 1


@pytest.mark.parametrize("severity", ["error", "ERROR", "fatal", ""])
@pytest.mark.parametrize("message", ["", "<{%reset%}>", "error: ", "it broke"])
def test_an_error_without_a_word_is_an_error(recording: Find, event_log: Find, severity: str, message: str) -> None:
    """So is a diagnostic of a severity that is not known."""
    diagnostic = {"severity": severity, "message": message}
    document = json.loads(recording("nothing").read_text(encoding="utf-8"))

    assert judge(json.dumps({**document, "diagnostics": [diagnostic]}))[0] == 1
    *events, end = read_log(event_log("nothing"))
    assert judge([*events, {"sequence": 9, "diagnosticEvent": diagnostic}, end])[0] == 1


@pytest.mark.parametrize("document", [{"steps": []}, {"config": {}}, {"changeSummary": {"delete": 0}}])
def test_a_preview_that_counts_nothing_is_a_failure(document: Any) -> None:
    """The engine counts the stack itself even where nothing changes."""
    assert judge(json.dumps(document))[0] == 1


@pytest.mark.parametrize("result", ["failed", "canceled", 1])
def test_a_result_that_is_no_success_is_a_failure(event_log: Find, result: Any) -> None:
    """A later result does not change that."""
    *events, end = read_log(event_log("nothing"))
    other = {"summaryEvent": {**end.get("summaryEvent", {}), "result": result}}

    assert judge([*events, other])[0] == 1
    assert judge([*events, other, end])[0] == 1
