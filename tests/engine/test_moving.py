"""Stacks move from the dynamic provider to the native plugin and back: in place, and nothing live is deleted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import start
from tests.engine.conftest import DYNAMIC, IMPORTS, NATIVE
from tools.keep_state.service import TOKENS, VARIABLES, rename, tell_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

STATES = Path(__file__).resolve().parents[1] / "states"
VERSIONS = sorted(folder.name for folder in STATES.iterdir() if folder.is_dir())

PROGRAM = """
spec = press.BlockSpec(
    "{name}",
    kind="workflow",
    metadata={{"name": "etl", "summary": "An ETL"}},
    config={{"steps": {{"run": {{"imageDetails": {{"id": 1}}, "command": "run"}}}}}},
    parameters={{"run": [{{"name": "key", "type": "string", "required": True, "hideValue": True}}]}},
)
run = press.BlockDeployment(
    "{name}",
    metadata={{"name": "etl-prod"}},
    spec=spec,
    parameters={{"run": {{"key": pulumi.Output.secret("canary-secret")}}}},
)
pulumi.export("status", run.status)
"""


YAML = """
name: life
runtime: yaml
config:
  key: {type: string, secret: true}
resources:
  spec:
    type: press:BlockSpec
    name: one
    properties:
      kind: workflow
      metadata: {name: etl, summary: An ETL}
      config: {steps: {run: {imageDetails: {id: 1}, command: run}}}
      parameters:
        run: [{name: key, type: string, required: true, hideValue: true}]
    options:
      aliases: ["urn:pulumi:moving::life::pulumi-python:dynamic/press:BlockSpec::one"]
  run:
    type: press:BlockDeployment
    name: one
    properties:
      metadata: {name: etl-prod}
      spec: {id: "${spec.id}", release: {version: "${spec.releaseVersion}"}}
      parameters: {run: {key: "${key}"}}
    options:
      aliases: ["urn:pulumi:moving::life::pulumi-python:dynamic/press:BlockDeployment::one"]
"""


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press with the tenants of the kept states."""
    with start(tokens=TOKENS) as running:
        yield running


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, make_stack: Callable[..., Stack], press: LocalPress) -> Stack:
    """A stack with the state of a version, and a service that holds what the state tells of."""
    folder = STATES / request.param
    stack = make_stack(**VARIABLES)
    shutil.copytree(folder / "program", stack.folder, dirs_exist_ok=True)
    names = tell_again(json.loads((folder / "calls.json").read_text()), press)
    (stack.folder / "state.json").write_text(rename((folder / "state.json").read_text(), names))
    stack.succeed("stack", "import", "--file", "state.json")
    stack.forget()
    return stack


def test_kept_state_moves_to_the_plugin_and_back_in_place(kept: Stack) -> None:
    """Only the import changes: the same ids, nothing made or deleted, and the second preview is empty, both ways."""
    before, objects = identities(kept), find_objects(kept.press)

    choose(kept, NATIVE)
    text = kept.up()
    assert kept.preview() == {}, text
    moved = identities(kept)
    assert moved == {name: key for name, key in before.items() if not name.startswith("Rollout:")}
    assert_only_read(kept)
    assert find_objects(kept.press) == objects
    kept.succeed("refresh", "--yes", "--skip-preview")
    assert kept.preview() == {}

    choose(kept, DYNAMIC)
    kept.up()
    assert kept.preview() == {}
    assert identities(kept) == before
    assert_only_read(kept)
    assert find_objects(kept.press) == objects

    kept.succeed("refresh", "--yes", "--skip-preview")
    assert kept.preview() == {}
    kept.succeed("destroy", "--yes", "--skip-preview")
    assert (kept.press.state()["specs"], kept.press.state()["deployments"]) == ([], [])


@pytest.mark.parametrize(("first", "second"), [(DYNAMIC, NATIVE), (NATIVE, DYNAMIC)])
@pytest.mark.parametrize("adopt", ["never", "identical", "always"])
def test_a_move_without_an_alias_deletes_nothing(stack: Stack, first: str, second: str, adopt: str) -> None:
    """A resource that has another name too is refused, or takes the live object over; the old entry is only dropped."""
    write(stack, first, "one")
    stack.up()
    objects = find_objects(stack.press)

    stack.variables["PULUMI_TEST_ADOPT"] = adopt
    write(stack, second, "two")
    stack.succeed("config", "set", "press:adopt", adopt)
    run = stack.run("up", "--yes", "--skip-preview")

    assert find_objects(stack.press) == objects, run.text
    if adopt == "never":
        assert run.code != 0
        assert "exists already as" in run.text
        assert "give it the old name as an alias" in run.text
        return
    assert run.code == 0, run.text
    assert stack.preview() == {}
    stack.succeed("refresh", "--yes", "--skip-preview")
    assert stack.preview() == {}
    assert find_objects(stack.press) == objects


def test_a_program_in_yaml_takes_a_stack_on_by_an_alias(yaml_stack: Stack) -> None:
    """Other languages name the old type themselves; the same objects go on."""
    (yaml_stack.folder / "Pulumi.yaml").write_text("name: life\nruntime: python\n")
    write(yaml_stack, DYNAMIC, "one")
    yaml_stack.succeed("stack", "init", "moving")
    yaml_stack.up()
    objects = find_objects(yaml_stack.press)

    (yaml_stack.folder / "Pulumi.yaml").write_text(YAML)
    yaml_stack.succeed("config", "set", "--secret", "key", "canary-secret")
    yaml_stack.forget()
    text = yaml_stack.up()

    assert yaml_stack.preview() == {}, text
    assert find_objects(yaml_stack.press) == objects
    assert_only_read(yaml_stack)
    assert sorted(yaml_stack.resources()) == ["BlockDeployment:one", "BlockSpec:one"]


def test_secrets_stay_secret_both_ways(stack: Stack) -> None:
    """What is secret in the state of one way is so in that of the other."""
    for way in (DYNAMIC, NATIVE, DYNAMIC, NATIVE):
        write(stack, way, "one")
        stack.up()
        assert "canary-secret" not in json.dumps(stack.export())
        assert stack.preview() == {}


def test_the_native_state_is_at_most_half(stack: Stack) -> None:
    """A deployment without the child that waits, and without a pickled provider, needs less than half the state."""
    write(stack, DYNAMIC, "one")
    stack.up()
    dynamic = size_of_deployments(stack)
    write(stack, NATIVE, "one")
    stack.up()

    assert size_of_deployments(stack) * 2 <= dynamic


def choose(stack: Stack, way: str) -> None:
    """Change how the kept program reaches the engine."""
    program = stack.folder / "__main__.py"
    text = program.read_text()
    for line in IMPORTS.values():
        text = text.replace(line, IMPORTS[way])
    program.write_text(text)


def write(stack: Stack, way: str, name: str) -> None:
    """Write the program for one way."""
    text = PROGRAM.format(name=name)
    (stack.folder / "__main__.py").write_text(f"import pulumi\n{IMPORTS[way]}\n{text}")


def identities(stack: Stack) -> dict[str, str]:
    """Give the id of each resource in the state; a component has none."""
    return {name: resource["id"] for name, resource in stack.resources().items() if "id" in resource}


def find_objects(press: LocalPress) -> Any:
    """Give what is on the service, without what a new mark or a time would change."""
    state = press.state()
    return (
        sorted((spec["id"], len(spec["releases"])) for spec in state["specs"]),
        sorted((item["id"], len(item["revisions"])) for item in state["deployments"]),
    )


def assert_only_read(stack: Stack) -> None:
    """Nothing was sent but reads."""
    assert [call for call in stack.calls() if not call.startswith("GET ")] == []


def size_of_deployments(stack: Stack) -> int:
    """Give the characters that deployments, and what waits for them, have in the state."""
    kinds = ("BlockDeployment:", "Rollout:")
    return sum(len(json.dumps(item)) for name, item in stack.resources().items() if name.startswith(kinds))
