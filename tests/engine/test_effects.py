"""Two fields of every effect, on the real engine: changed in the program, and behind its back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.client.client import Client
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads", "title": "Old title"},
    scope="private",
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "old command"}}},
    release={"notes": "old release notes"},
    adopt="identical",
    parameters={
        "build": [{"name": "size", "type": "number", "required": False, "defaultValue": 1}],
        "run": [
            {"name": "rows", "type": "number", "required": False, "defaultValue": 1},
            {"name": "mode", "type": "string", "required": False, "defaultValue": "fast"},
        ],
    },
)
other = press.BlockSpec(
    "other", kind="service", metadata={"name": "other", "summary": "x"}, config={"imageDetails": {"id": 1}}
)
release = press.BlockSpecRelease(
    "later", spec_id=other.id, release={"version": "1.1.0"}, config={"imageDetails": {"id": 2}}
)
run = press.BlockDeployment(
    "etl",
    metadata={"name": "etl", "summary": "Old summary"},
    spec={"id": spec.id, "release": {"version": "1.0.0"}},
    parameters={"build": {"size": 1}, "run": {"rows": 10, "mode": "slow"}},
    revision={"notes": "old notes"},
    triggers={"count": 1},
    timeouts={"delete": "10m"},
)
spare = press.BlockSpec(
    "spare", kind="service", metadata={"name": "spare", "summary": "x"}, config={"imageDetails": {"id": 1}}
)
press.BlockDeployment("light", metadata={"name": "light"}, spec={"id": other.id, "release": {"version": "1.0.0"}})
"""


class Edit(NamedTuple):
    """An edit of the program, and what it must lead to."""

    old: str
    new: str
    leaves: dict[str, set[str]]
    """Changed leaves, by resource."""
    calls: list[str]
    """Writes, with `*` for ids."""
    op: str = "update"


RELEASE = ["POST /v1/blocks/specs/*/releases"]
REVISION = ["POST /v1/blocks/deployments/*/revisions"]
ROLLOUT = {"Rollout:etl": {"revision"}}

EDITS = {
    "patch": [
        Edit("Old title", "New title", {"BlockSpec:etl": {"metadata.title"}}, ["PATCH /v1/blocks/specs/*"]),
        Edit('"private"', '"public"', {"BlockSpec:etl": {"scope"}}, ["PATCH /v1/blocks/specs/*"]),
        Edit(
            "Old summary",
            "New summary",
            {"BlockDeployment:etl": {"metadata.summary"}},
            ["PATCH /v1/blocks/deployments/*"],
        ),
    ],
    "new release": [
        Edit(
            "old command",
            "new command",
            {"BlockSpec:etl": {"config.steps.run.command", "release.version"}},
            RELEASE,
        ),
        Edit(
            "old release notes", "new release notes", {"BlockSpec:etl": {"release.notes", "release.version"}}, RELEASE
        ),
    ],
    "new revision": [
        Edit(
            '"count": 1',
            '"count": 2',
            {"BlockDeployment:etl": {"triggers.count", "revision_number"}, **ROLLOUT},
            REVISION,
        ),
        Edit(
            "old notes",
            "new notes",
            {"BlockDeployment:etl": {"revision.notes", "revision_number"}, **ROLLOUT},
            REVISION,
        ),
        Edit(
            '{"size": 1}',
            '{"size": 2}',
            {"BlockDeployment:etl": {"parameters.build.size", "revision_number"}, **ROLLOUT},
            REVISION,
        ),
    ],
    "run parameters": [
        Edit(
            '"rows": 10',
            '"rows": 20',
            {"BlockDeployment:etl": {"parameters.run.rows"}},
            ["PATCH /v1/deployments/*/parameters/run"],
        ),
        Edit(
            '"slow"',
            '"fast"',
            {"BlockDeployment:etl": {"parameters.run.mode"}},
            ["PATCH /v1/deployments/*/parameters/run"],
        ),
    ],
    "replace": [
        Edit(
            '"version": "1.1.0"',
            '"version": "1.2.0"',
            {"BlockSpecRelease:later": {"release.version"}},
            RELEASE,
            "replace",
        ),
        Edit(
            '{"imageDetails": {"id": 2}}',
            '{"imageDetails": {"id": 3}}',
            {"BlockSpecRelease:later": {"config.imageDetails.id", "release.version"}},
            RELEASE,
            "replace",
        ),
        Edit(
            '"id": other.id',
            '"id": spare.id',
            # The id that the rollout waits for is not known yet.
            {"BlockDeployment:light": {"spec.id"}, "Rollout:light": set()},
            ["DELETE /v1/blocks/deployments/*", "POST /v1/blocks/deployments/"],
            "replace",
        ),
    ],
    "nothing": [
        Edit('"identical"', '"always"', {"BlockSpec:etl": {"adopt"}}, []),
        Edit(
            '"10m"',
            '"12m"',
            {"BlockDeployment:etl": {"timeouts.delete"}, "Rollout:etl": {"timeouts.delete"}},
            [],
        ),
    ],
}


def test_every_effect_does_what_the_table_says(stack: Stack) -> None:
    """Each edit is previewed as exactly its leaves and effect, sends exactly its calls, and leaves nothing to do."""
    stack.write(PROGRAM)
    stack.up()
    program = PROGRAM
    for effect, edits in EDITS.items():
        for edit in edits:
            assert program.count(edit.old) == 1, edit.old
            program = program.replace(edit.old, edit.new)
            if edit.leaves == {"BlockSpecRelease:later": {"config.imageDetails.id", "release.version"}}:
                program = program.replace('"version": "1.2.0"', '"version": "1.3.0"')
            stack.write(program)

            steps = stack.preview()
            stack.forget()
            stack.up()

            seen = {name: set(step["detailedDiff"] or ()) for name, step in steps.items() if step["op"] == edit.op}
            assert (effect, seen) == (effect, stack.expect(edit.leaves))
            writes = [call for call in stack.calls() if not call.startswith("GET")]
            assert [generalize(call) for call in writes] == edit.calls
            # The next preview would show what is left, too, so the second way does without one for each edit.
            assert stack.is_native or stack.preview() == {}
        assert stack.preview() == {}
    stack.succeed("refresh", "--yes", "--skip-preview")
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert (stack.press.state()["specs"], stack.press.state()["deployments"]) == ([], [])


class Drift(NamedTuple):
    """What somebody does on the service, and what it must lead to."""

    act: Callable[[Client, dict[str, str]], object]
    """Does it, with a client of the service and the ids by name."""
    leaves: dict[str, set[str]]
    """Changed leaves in the preview after a refresh, by resource; empty for what is made anew."""
    calls: list[str]
    """Writes of the `up` that repairs it, with `*` for ids."""


CONFIG = {"steps": {"run": {"imageDetails": {"id": 7}, "command": "of somebody"}}}
DRIFTS = {
    "patch": [
        Drift(
            lambda press, ids: press.update_spec_metadata(ids["etl"], {"metadata": {"title": "Of somebody"}}),
            {"BlockSpec:etl": {"metadata.title"}},
            ["PATCH /v1/blocks/specs/*"],
        ),
        Drift(
            lambda press, ids: press.update_spec_metadata(ids["etl"], {"scope": "public", "featured": True}),
            {"BlockSpec:etl": {"scope", "featured"}},
            ["PATCH /v1/blocks/specs/*"],
        ),
        Drift(
            lambda press, ids: press.update_deployment_metadata(ids["run"], {"summary": "Of somebody"}),
            {"BlockDeployment:etl": {"metadata.summary"}},
            ["PATCH /v1/blocks/deployments/*"],
        ),
    ],
    "run parameters": [
        Drift(
            lambda press, ids: press.patch_parameters(ids["run"], {"rows": 99}),
            {"BlockDeployment:etl": {"parameters.run.rows"}},
            ["PATCH /v1/deployments/*/parameters/run"],
        ),
        Drift(
            lambda press, ids: press.patch_parameters(ids["run"], {"mode": "fast"}),
            {"BlockDeployment:etl": {"parameters.run.mode"}},
            ["PATCH /v1/deployments/*/parameters/run"],
        ),
    ],
    "new release": [
        # A release never changes; one that somebody adds is nothing that a spec could take back.
        Drift(
            lambda press, ids: press.create_spec_release(
                ids["etl"], {"release": {"version": "1.0.1"}, "config": CONFIG}
            ),
            {},
            [],
        ),
    ],
    "new revision": [
        # Somebody's revision takes the latest release, which is no longer the program's.
        Drift(
            lambda press, ids: press.create_deployment_revision(ids["run"], {"revision": {"notes": "of somebody"}}),
            {
                "BlockDeployment:etl": {"drift", "revision.notes", "revision_number", "spec.release.version"},
                **ROLLOUT,
            },
            REVISION,
        ),
        Drift(
            lambda press, ids: press.create_deployment_revision(ids["run"], {"release": {"version": "1.0.1"}}),
            {"BlockDeployment:etl": {"drift", "revision", "revision_number", "spec.release.version"}, **ROLLOUT},
            REVISION,
        ),
    ],
    "replace": [
        Drift(
            lambda press, ids: press.delete_deployment(ids["run"]),
            {"BlockDeployment:etl": set(), "Rollout:etl": set()},
            ["POST /v1/blocks/deployments/"],
        ),
        Drift(
            lambda press, ids: press.delete_spec(ids["spare"]),
            {"BlockSpec:spare": set()},
            ["POST /v1/blocks/specs/"],
        ),
    ],
}


def test_every_change_behind_the_back_shows_and_is_repaired(stack: Stack) -> None:
    """What somebody changes shows after a refresh as exactly its leaves, and one `up` repairs it with its calls."""
    stack.write(PROGRAM)
    stack.up()
    with Client(stack.press.url, stack.press.token) as somebody:
        for effect, drifts in DRIFTS.items():
            for drift in drifts:
                drift.act(somebody, ids_of(stack))

                stack.succeed("refresh", "--yes", "--skip-preview")
                steps = stack.preview()
                stack.forget()
                stack.up()

                seen = {name: set(step["detailedDiff"] or ()) for name, step in steps.items()}
                assert (effect, seen) == (effect, stack.expect(drift.leaves))
                writes = [call for call in stack.calls() if not call.startswith("GET")]
                assert [generalize(call) for call in writes] == drift.calls
            assert stack.preview() == {}


def ids_of(stack: Stack) -> dict[str, str]:
    """Give the ids of the specs by name, and of the deployment that is tried as `run`."""
    live = stack.press.state()
    ids = {item["metadata"]["name"]: item["id"] for item in live["specs"]}
    (ids["run"],) = (item["id"] for item in live["deployments"] if item["metadata"]["name"] == "etl")
    return ids


def generalize(call: str) -> str:
    """Put `*` for each id in a call."""
    return "/".join("*" if len(part) == 36 and part.count("-") == 4 else part for part in call.split("/"))
