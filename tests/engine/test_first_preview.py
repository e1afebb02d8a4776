"""The first preview tells what only the program's own spec can: before anything has an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

SPEC = """
declared = {"run": [
    {"name": "rows", "type": "number", "required": True},
    {"name": "key", "type": "string", "required": False, "hideValue": True, "defaultValue": "canary-default"},
]}
service = {"kind": "service", "metadata": {"name": "api", "summary": "An API"}, "config": {"imageDetails": {"id": 1}}}
spec = press.BlockSpec("api", **service, parameters=declared)
"""
RELEASE = """
release = press.BlockSpecRelease(
    "api-2", spec_id=spec.id, release={"version": "2.0.0"}, config={"imageDetails": {"id": 2}}, parameters=declared
)
"""
DEPLOY = """
wrong = {{"run": {{"row": 1, "key": ["canary-value"]}}}}
press.BlockDeployment("run", metadata={{"name": "run"}}, spec={spec}, parameters=wrong)
"""
BLOCK = """
press.Block("whole", spec={**service, "parameters": declared}, deployment={"metadata": {"name": "run"},
    "parameters": {"run": {"row": 1, "key": ["canary-value"]}}})
"""
FORMS = {
    "spec": SPEC + DEPLOY.format(spec="spec"),
    "release": SPEC + RELEASE + DEPLOY.format(spec="release"),
    "id and version": SPEC + RELEASE + DEPLOY.format(spec='{"id": spec.id, "release": {"version": release.version}}'),
    "block": SPEC.rpartition("spec = ")[0] + BLOCK,
}


@pytest.mark.parametrize("form", FORMS)
def test_run_parameters_are_checked_before_anything_is_made(stack: Stack, form: str) -> None:
    """Missing, misspelt and wrongly typed ones are told, whichever way the program names its spec; no value shows."""
    stack.write(FORMS[form])

    printed = stack.run("preview")

    assert printed.code != 0
    for told in (
        "parameters.run.rows: is required by the release",
        "parameters.run.row: is not declared by the release (declared: key, rows); did you mean `rows`?",
        "parameters.run.key: must be a text",
    ):
        assert told in printed.text
    assert "canary" not in printed.text
    assert stack.calls() == []


def test_right_deployment_of_a_new_spec_comes_up_and_settles(stack: Stack) -> None:
    """What was told of the spec leaves no trace: not in the state, and not as a change; hidden values are secret."""
    right = 'parameters={"run": {"rows": 3, "key": "canary-value"}}'
    stack.write(SPEC + RELEASE + f'press.BlockDeployment("run", metadata={{"name": "run"}}, spec=release, {right})')

    stack.succeed("preview")
    stack.up()

    assert stack.preview() == {}
    resources = stack.resources().values()
    assert [item["type"] for item in resources if "__told" in {*item["inputs"], *item["outputs"]}] == []
    assert "canary" not in str(resources)
    stack.write(
        SPEC
        + RELEASE
        + 'press.BlockDeployment("run", metadata={"name": "run"}, '
        + f'spec={{"id": spec.id, "release": {{"version": "2.0.0"}}}}, {right})'
    )
    assert stack.preview() == {}
