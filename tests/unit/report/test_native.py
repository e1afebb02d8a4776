"""Resources of the native plugin are reported as those of the dynamic provider are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import Outcome, read_preview, render_json, render_markdown
from pulumi_press.report.render.lines import describe, to_text
from tests.unit.report.conftest import PRESS, state_of
from tools.record_previews.golden import KINDS, read_report
from tools.record_previews.native import PREFIX, TWINS

if TYPE_CHECKING:
    from tests.unit.report.conftest import Preview

NATIVE = "press:index:"
RUN: dict[str, Any] = {
    "metadata": {"name": "etl-prod"},
    "spec": {"id": "spec-1"},
    "revisionNumber": 1,
    "status": "deployed",
}
FOLLOWED = ("failed-rollout", "failed-rollout-refresh")
"""Previews after a failed rollout: a dynamic one is not in the state, and a native deployment knows its status."""
OLDER = ("mistakes",)
"""Previews whose dynamic recordings have messages of an older version."""


def read_changes(name: str, kind: str) -> dict[str, Any]:
    """Read the JSON of a recorded preview, without what differs from run to run; rollouts are counted elsewhere."""
    text = render_json(read_report(name, kind)).replace(NATIVE, PRESS)
    (stack,) = json.loads(re.sub(r"00000000-0000-4000-8000-\d{12}", "ID", text))["stacks"]
    del stack["unchanged"]
    stack["verdict"] = re.sub(r"[,;] \d+ unchanged", "", stack["verdict"])
    return dict(stack)


@pytest.mark.parametrize("name", [name for name in TWINS if name not in (*FOLLOWED, *OLDER)])
@pytest.mark.parametrize("kind", KINDS)
def test_same_change_reads_the_same(name: str, kind: str) -> None:
    """Versions, numbers, files, effects and drift of a native preview are those of the dynamic one."""
    assert read_changes(f"{PREFIX}{name}", kind) == read_changes(name, kind)


@pytest.mark.parametrize("name", OLDER)
def test_failed_preview_names_the_same_properties(name: str) -> None:
    """Each mistake in a native program is told by the same path, and nothing else is."""

    def list_paths(recording: str) -> list[str]:
        messages = read_changes(recording, KINDS[0])["messages"]
        return [message["text"].partition(":")[0] for message in messages]

    assert list_paths(f"{PREFIX}{name}") == list_paths(name)


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("kind", KINDS)
def test_failed_rollout_is_deployed_again(name: str, kind: str) -> None:
    """The report says that the revision is deployed again, and why the last rollout failed."""
    stack = read_changes(f"{PREFIX}{name}", kind)

    assert [(change["outcome"], change["summary"]) for change in stack["changes"]] == [
        ("rollout", "etl-prod: deployed again, for its last rollout did not end well")
    ]
    assert [
        (message["severity"], "The image cannot be pulled" in message["text"]) for message in stack["messages"]
    ] == [("warning", True)]
    assert stack["drift"] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["native-moved", "native-moved-back"])
def test_move_changes_the_state_only(name: str, kind: str) -> None:
    """A stack that changes its import reads as five resources that move, with no word on rollouts."""
    report = read_report(name, kind)
    (stack,) = report.stacks
    place = {"native-moved": "native plugin", "native-moved-back": "dynamic provider"}[name]

    assert [change.outcome for change in stack.changes] == [Outcome.NOTE] * 5
    assert {change.note for change in stack.changes} == {f"moves to the {place}"}
    assert "rollout" not in render_markdown(report)


def test_deployment_that_does_not_wait_is_marked() -> None:
    """A new revision of a deployment with `wait` false is not waited for; once it waits, its rollout is."""
    summaries = [
        change["summary"]
        for name in ("native-unwaited", "native-waits-again")
        for change in read_changes(name, KINDS[0])["changes"]
    ]

    assert summaries == [
        "etl-prod: revision 1 -> 2 (triggers.again); its rollout is not waited for",
        "etl-prod: its rollout is waited for; should it have failed, it is deployed again first",
    ]


def add(preview: Preview, op: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> None:
    """Add a step on a native deployment `etl-prod`; further members are those of its old state."""
    states = {"oldState": state_of(old, **more), "newState": state_of(new)}
    preview.add(op, f"{NATIVE}BlockDeployment", "etl-prod", **{key: state for key, state in states.items() if state})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            {"status": "failed"},
            {},
            (Outcome.ROLLOUT, "etl-prod: deployed again, for its last rollout did not end well"),
        ),
        (
            {"status": "deploying"},
            {},
            (Outcome.ROLLOUT, "etl-prod: waited for again, for its last rollout had not ended"),
        ),
        (
            {"status": None, "wait": False},
            {},
            (
                Outcome.ROLLOUT,
                "etl-prod: its rollout is waited for; should it have failed, it is deployed again first",
            ),
        ),
        (
            {},
            {"status": None, "wait": False},
            (Outcome.NOTE, "etl-prod (BlockDeployment): its rollouts are no longer waited for: wait"),
        ),
        (
            {},
            {"onFailure": "rollback"},
            (Outcome.NOTE, "etl-prod (BlockDeployment): changes how its rollouts are waited for: on_failure"),
        ),
        (
            {},
            {"timeouts": {"create": "1h"}},
            (Outcome.NOTE, "etl-prod (BlockDeployment): changes how its rollouts are waited for: timeouts.create"),
        ),
        (
            {"status": "failed"},
            {"metadata": {"name": "etl-prod", "title": "T"}},
            (
                Outcome.ROLLOUT,
                "etl-prod: deployed again, for its last rollout did not end well (changed in place: metadata.title)",
            ),
        ),
        (
            {"status": "failed"},
            {"triggers": {"a": 1}, "revisionNumber": 2},
            (Outcome.REVISION, "etl-prod: revision 1 -> 2 (triggers.a)"),
        ),
    ],
)
def test_rollout_is_read_from_the_deployment(
    preview: Preview, old: dict[str, Any], new: dict[str, Any], told: tuple[Outcome, str]
) -> None:
    """Status, `wait`, `on_failure` and timeouts of a native deployment read as a rollout of its own does."""
    before, after = ({key: value for key, value in {**RUN, **more}.items() if value is not None} for more in (old, new))
    add(preview, "update", before, after)

    assert preview.list_changes() == [told]


def test_unhealthy_deployment_is_waited_for_again(preview: Preview) -> None:
    """A deployment whose last update failed is waited for again, though none of its properties differs."""
    add(preview, "update", RUN, RUN, initErrors=["it failed"])

    assert preview.list_changes() == [(Outcome.ROLLOUT, "etl-prod: waited for again, for the last rollout failed")]


def test_new_deployment_has_no_word_on_its_rollout(preview: Preview) -> None:
    """A new deployment that waits is created; one that does not says so. Its status is no property of the program."""
    add(preview, "create", None, RUN)

    assert preview.list_changes() == [(Outcome.CREATE, "etl-prod (BlockDeployment): created, revision 1")]
    assert "status" not in {diff.path for diff in preview.read().changes[0].properties}

    preview.steps.clear()
    add(preview, "create", None, {**RUN, "wait": False})

    ((_, line),) = preview.list_changes()
    assert line == "etl-prod (BlockDeployment): created, revision 1; its rollout is not waited for"


def test_outputs_are_what_an_update_starts_from(preview: Preview) -> None:
    """After a failed update the engine has the inputs from before it, so the outputs are compared."""
    add(preview, "update", RUN, {**RUN, "revisionNumber": 2}, outputs={**RUN, "revisionNumber": 2, "status": "failed"})

    assert preview.list_changes() == [
        (Outcome.ROLLOUT, "etl-prod: deployed again, for its last rollout did not end well")
    ]


def test_names_are_those_of_the_core(preview: Preview) -> None:
    """Properties and members of `artifact` have the names of Python; what lies deeper keeps its own."""
    old = {
        "specId": "spec-1",
        "autoRunOnDeploy": False,
        "config": {"serviceType": "api"},
        "artifact": {"path": "a", "ignoreFiles": [".a"]},
    }
    new = {**old, "specId": "spec-2", "autoRunOnDeploy": True, "config": {"serviceType": "web-app"}}
    preview.add(
        "replace",
        f"{NATIVE}BlockSpecRelease",
        "etl-2",
        old,
        new,
        detailedDiff={"specId": {}, "autoRunOnDeploy": {}, "config.serviceType": {}},
        replaceReasons=["specId"],
    )

    (change,) = preview.read().changes

    assert {diff.path for diff in change.properties} == {"spec_id", "auto_run_on_deploy", "config.serviceType"}
    assert change.type == "BlockSpecRelease"


def test_changed_secret_is_named_by_the_path_of_the_core(preview: Preview) -> None:
    """Where only the engine knows that a secret differs, its path is read as the core has it."""
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}
    state = {"kind": "workflow", "config": {"steps": {"aB": {"command": secret}}}}
    preview.add("update", f"{NATIVE}BlockSpec", "etl", state, state, detailedDiff={"config.steps.aB.command": {}})

    (change,) = preview.read().changes

    assert [diff.path for diff in change.properties] == ["config.steps.aB.command"]
    assert change.outcome is Outcome.RELEASE


def test_failed_rollout_of_an_update_is_told() -> None:
    """An event log says whether a deployment was made: then its rollout failed, and the reason is not wrapped."""
    urn = f"urn:pulumi:prod::shop::{NATIVE}BlockDeployment::etl-prod"
    state = {"urn": urn, "custom": True, "inputs": RUN}
    step = {"op": "create", "urn": urn, "new": state}
    failed = {**step, "new": {**state, "initErrors": ["revision 1 ended as failed"]}}
    message = "error: 1 error occurred:\n\t* creating deployment etl-prod: revision 1 ended as failed\n\n\n"
    events = [
        {"sequence": 0, "preludeEvent": {"config": {}}},
        {"sequence": 1, "resourcePreEvent": {"metadata": step}},
        {"sequence": 2, "diagnosticEvent": {"urn": urn, "message": message, "severity": "error"}},
        {"sequence": 3, "resOpFailedEvent": {"metadata": failed}},
        {"sequence": 4, "summaryEvent": {"isPreview": False, "resourceChanges": {"create": 1}, "result": "failed"}},
    ]

    (stack,) = read_preview(events).stacks

    assert [to_text(describe(change)) for change in stack.changes] == [
        "etl-prod (BlockDeployment): created, revision 1; the rollout failed; failed"
    ]
    assert [text.text for text in stack.messages] == ["creating deployment etl-prod: revision 1 ended as failed"]


def test_error_that_only_follows_is_left_out(preview: Preview) -> None:
    """The program's word on the engine that has stopped says nothing beside the reason for that."""
    preview.add_diagnostic("error", "metadata.summary: is required", urn="urn:pulumi:prod::shop::press:index:X::etl")
    preview.add_diagnostic("error", "Resource monitor has terminated, shutting down")

    assert [message.text for message in preview.read().messages] == ["metadata.summary: is required"]


@pytest.mark.parametrize("status", [[], {}, 1, "unheard of"])
def test_odd_status_is_no_trouble(preview: Preview, status: Any) -> None:
    """Whatever a state holds for a status, the revision is deployed again."""
    add(preview, "update", {**RUN, "status": status}, RUN)

    assert preview.list_changes() == [
        (Outcome.ROLLOUT, "etl-prod: deployed again, for its last rollout did not end well")
    ]
