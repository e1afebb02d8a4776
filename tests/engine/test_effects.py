"""Two fields of every effect, on the real engine: what the preview names, and what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

PROGRAM = """
spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads", "title": "Old title"},
    scope="private",
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "old command"}}},
    release={"notes": "old release notes"},
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
)
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
            assert (effect, seen) == (effect, edit.leaves)
            writes = [call for call in stack.calls() if not call.startswith("GET")]
            assert [generalize(call) for call in writes] == edit.calls
            assert stack.preview() == {}
    stack.succeed("refresh", "--yes", "--skip-preview")
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert (stack.press.state()["specs"], stack.press.state()["deployments"]) == ([], [])


def generalize(call: str) -> str:
    """Put `*` for each id in a call."""
    return "/".join("*" if len(part) == 36 and part.count("-") == 4 else part for part in call.split("/"))
