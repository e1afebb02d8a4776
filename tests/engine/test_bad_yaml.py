"""Wrong programs in YAML: the first preview says what is wrong and where, and sends nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

RIGHT = """
resources:
  api:
    type: press:BlockSpec
    properties:
      kind: workflow
      metadata: {name: api, summary: Loads}
      config: {steps: {run: {imageDetails: {id: 1}, command: go}}}
"""

PARAMETER = "{name: a, type: string, required: false, defaultValue: {fn::stringAsset: x}}"

CASES = {
    "wrong type": ("kind: workflow", "kind: workflow\n      autoRunOnDeploy: often", "autoRunOnDeploy: Cannot assign"),
    "unknown key": (
        "kind: workflow",
        "kind: workflow\n      auto_run_on_deploy: true",
        "Property auto_run_on_deploy does not exist on 'press:index:BlockSpec'",
    ),
    "unknown key at depth": (
        "command: go",
        "command: go, stepTimout: 3",
        "Property stepTimout does not exist on 'press:index:Step'",
    ),
    "wrong type at depth": (
        "command: go",
        "command: go, resources: {storage: [1]}",
        "storage: Cannot assign 'List<number>' to 'string'",
    ),
    "wrong value at depth": (
        "command: go",
        "command: go, stepTimeout: true",
        "resource 'api' has a problem: config.steps.run.stepTimeout: must be a number, not true or false",
    ),
    "missing argument": (", summary: Loads", "", "summary: Missing required property 'summary'"),
    "missing for its kind": (
        "imageDetails: {id: 1}, command: go",
        "type: http, method: get",
        "resource 'api' has a problem: config.steps.run.url: is required",
    ),
    "asset for a path": (
        "kind: workflow",
        "kind: workflow\n      artifact: {path: {fn::fileArchive: .}}",
        "path: Cannot assign type 'archive' to type 'string'",
    ),
    "asset where anything may be": (
        "kind: workflow",
        f"kind: workflow\n      parameters: {{run: [{PARAMETER}]}}",
        "parameters.run[0].defaultValue: is a file or an archive of Pulumi, which is not supported; give a path",
    ),
    "unknown argument of a function": (
        "resources:",
        "variables:\n  found:\n    fn::press:listSpecs: {nam: api}\nresources:",
        "press:index:listSpecs: nam: is not a known argument; did you mean `name`?",
    ),
    "missing argument of a function": (
        "resources:",
        "variables:\n  found:\n    fn::press:getSpec: {}\nresources:",
        "press:index:getSpec: specId: is required",
    ),
    "unknown resource": (
        "press:BlockSpec",
        "press:BlockSpek",
        'unable to find resource type "press:BlockSpek" in resource provider "press"',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_first_preview_says_what_is_wrong(case: str, yaml_stack: Stack) -> None:
    """One message has the place and the reason, no traceback comes, and the service is not asked."""
    old, new, message = CASES[case]
    assert old in RIGHT
    yaml_stack.declare(RIGHT.replace(old, new).removeprefix("\n"))

    run = yaml_stack.run("preview")

    printed = re.sub(r"\x1b\[[\d;]*m", "", run.text)
    diagnostics = printed.partition("Diagnostics:")[2]
    assert run.code != 0
    assert diagnostics.count(message) == 1, printed
    assert "Traceback" not in printed
    assert yaml_stack.calls() == []


def test_right_program_has_no_warning(yaml_stack: Stack) -> None:
    """The checker of the host finds nothing to say of a right one."""
    yaml_stack.declare(RIGHT.removeprefix("\n"))

    printed = yaml_stack.succeed("preview")

    warnings = [line for line in printed.splitlines() if "arning" in line and "pulumi-language-yaml" not in line]
    assert [line for line in warnings if "1 warning" not in line] == []
