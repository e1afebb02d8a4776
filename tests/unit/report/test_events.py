"""Events of the Automation API, event logs and previews in JSON all make one report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.automation.events import EngineEvent

from pulumi_press.report import Outcome, PreviewError, read_preview, render_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Find = Callable[[str], Path]

SAME = (
    "create",
    "many-effects",
    "drift-many",
    "mistakes",
    "secret-change",
    "unknown-replace",
    "mixed-replace",
    "native-failed-rollout-refresh",
    "native-moved",
    "native-secret-change",
)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read the events of a log."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", SAME)
def test_events_of_the_automation_api_make_the_report_of_the_log(event_log: Find, name: str) -> None:
    """What `on_event` is given makes the same report as the log that it was read from, as objects or as data."""
    lines = read_lines(event_log(name))
    events = [EngineEvent.from_json(line) for line in lines]

    assert read_preview(events) == read_preview(lines) == read_preview(event_log(name))


@pytest.mark.parametrize("name", SAME)
def test_a_preview_in_json_makes_the_report_of_its_log(recording: Find, event_log: Find, name: str) -> None:
    """Both formats of one preview make one report, as a text, as bytes, as a path and as parsed data."""
    path = recording(name)
    text = path.read_text(encoding="utf-8")
    reports = [read_preview(source) for source in (text, text.encode("utf-16"), path, json.loads(text))]

    assert {render_json(report) for report in reports} == {render_json(read_preview(event_log(name)))}


def test_an_update_is_told_as_one_that_was_done(event_log: Find) -> None:
    """Events of an update say that it was done, and what failed of it."""
    lines = read_lines(event_log("config-release"))
    for line in lines:
        for event in line.values():
            if isinstance(event, dict):
                event.pop("planning", None)
                event.update({"isPreview": False} if "isPreview" in event else {})
    failing = next(
        line["resOutputsEvent"] for line in lines if "BlockSpec::" in json.dumps(line.get("resOutputsEvent"))
    )
    lines.insert(-2, {"sequence": 99, "resOpFailedEvent": failing})

    (told,) = read_preview(lines).stacks

    assert told.is_update
    assert [change.outcome for change in told.changes if change.failed] == [Outcome.RELEASE]


def test_a_log_that_breaks_off_is_told_as_a_failure(event_log: Find) -> None:
    """A log without its end is not all of it: the report says so, whatever its last line is."""
    text = event_log("config-release").read_text(encoding="utf-8")
    cut = text[: text.index('"summaryEvent"') - 30]

    (told,) = read_preview(cut).stacks

    assert told.failed
    assert [message.text for message in told.messages] == [
        "the event log ends before the operation did: this report is incomplete"
    ]


def test_of_several_operations_in_one_log_the_last_is_told(event_log: Find) -> None:
    """Of a log with two operations, the second is reported."""
    first, second = (event_log(name).read_text(encoding="utf-8") for name in ("create", "staging"))

    assert read_preview(first + second) == read_preview(second)


@pytest.mark.parametrize("source", ["3", "[1]", '{"a": 1}', '{"sequence": 1}\nnonsense\n{"sequence": 2}', "\ufeff"])
def test_what_is_no_preview_is_refused(source: str) -> None:
    """A text that is no preview and no event log is refused."""
    with pytest.raises(PreviewError):
        read_preview(source)
