"""A real Pulumi stack against a local Press."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import start
from tests.engine.surroundings import surround

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress

ROOT = Path(__file__).resolve().parents[2]

TOKEN = "canary-5d0e-token"

DYNAMIC, NATIVE = "dynamic", "native"
IMPORTS = {DYNAMIC: "import pulumi_press as press", NATIVE: "from pulumi_press import native as press"}
"""How a program reaches the engine, and what it imports for that."""

both_ways = pytest.mark.parametrize("way", [DYNAMIC, NATIVE])
"""Marks a scenario that is the same for the dynamic provider and the native plugin."""

PROJECT = """\
name: life
runtime: python
"""


@dataclass(frozen=True)
class Run:
    """What a `pulumi` command printed, and its exit code."""

    text: str
    code: int


@dataclass(frozen=True)
class Stack:
    """A project folder, its stack, and the local Press that it talks to."""

    folder: Path
    engine: str
    press: LocalPress
    variables: dict[str, str | None]
    way: str = DYNAMIC
    """How its programs reach the engine."""

    @property
    def is_native(self) -> bool:
        """Whether the native plugin serves it."""
        return self.way == NATIVE

    def write(self, program: str) -> None:
        """Write the program."""
        (self.folder / "__main__.py").write_text(f"import pulumi\n{IMPORTS[self.way]}\n\n{program}\n")

    def declare(self, program: str) -> None:
        """Write a YAML program: what comes after the project's name and runtime."""
        (self.folder / "Pulumi.yaml").write_text(f"name: life\nruntime: yaml\n{program}")

    def run(self, *arguments: str, **variables: str) -> Run:
        """Run a command of `pulumi`, whatever comes of it."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],  # noqa: S607  # The one that was found.
            cwd=self.folder,
            env={**self.environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Run(done.stdout, done.returncode)

    def environment(self) -> dict[str, str]:
        """Give the environment of every command."""
        # A variable set to None is taken away.
        variables = {**surround(self.engine, self.folder, self.press.url, self.press.token), **self.variables}
        return {name: value for name, value in variables.items() if value is not None}

    def succeed(self, *arguments: str) -> str:
        """Run a command that must end well; give what it printed."""
        run = self.run(*arguments)
        assert run.code == 0, run.text
        return run.text

    def up(self) -> str:
        """Run `up`, which must end well."""
        return self.succeed("up", "--yes", "--skip-preview")

    def fail_up(self) -> str:
        """Run `up`, which must fail; give what it printed."""
        run = self.run("up", "--yes", "--skip-preview")
        assert run.code != 0, run.text
        return run.text

    def preview(self) -> dict[str, Any]:
        """Run `preview`; give the steps that change something, by name of the resource."""
        run = subprocess.run(
            ["pulumi", "preview", "--json", "--non-interactive"],  # noqa: S607  # The one that was found.
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        steps = json.loads(run.stdout)["steps"]
        return {
            f"{kind_of(step['urn'])}:{step['urn'].rpartition('::')[2]}": step
            for step in steps
            if step["op"] != "same" and "pulumi:" not in step["urn"].split("::")[2]
        }

    def export(self) -> dict[str, Any]:
        """Read the state."""
        exported: dict[str, Any] = json.loads(self.succeed("stack", "export"))["deployment"]
        return exported

    def resources(self) -> dict[str, dict[str, Any]]:
        """Read the resources in the state, by kind and name."""
        return {
            f"{kind_of(item['urn'])}:{item['urn'].rpartition('::')[2]}": item
            for item in self.export().get("resources", [])
            if "press:" in item["type"] and "pulumi:providers" not in item["type"]
        }

    def outputs(self) -> dict[str, Any]:
        """Read the stack's outputs."""
        read: dict[str, Any] = json.loads(self.succeed("stack", "output", "--json"))
        return read

    def calls(self) -> list[str]:
        """Give the calls of the API since the last `forget`, as `METHOD path`."""
        return [f"{call['method']} {call['path']}" for call in self.press.requests()]

    def forget(self) -> None:
        """Forget the calls so far."""
        self.press.clear_requests()


def kind_of(urn: str) -> str:
    """Give the kind of a resource, such as `BlockSpec`, from its URN."""
    return urn.split("::")[2].rpartition(":")[2]


@pytest.fixture(scope="session")
def build_stack(engine: str) -> Callable[..., Stack]:
    """Give what makes a stack in a folder against a local Press; variables are added to its environment."""

    def build(folder: Path, press: LocalPress, way: str = DYNAMIC, **variables: str | None) -> Stack:
        return _build(folder, engine, press, variables, way)

    return build


def _build(folder: Path, engine: str, press: LocalPress, variables: dict[str, str | None], way: str) -> Stack:
    (folder / "backend").mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    stack = Stack(folder, engine, press, variables, way)
    stack.succeed("stack", "init", "test")
    return stack


@pytest.fixture(scope="session")
def engine() -> str:
    """The engine's folder."""
    found = subprocess.run([sys.executable, str(ROOT / "tools/engine")], stdout=subprocess.PIPE, text=True, check=True)
    return found.stdout.strip()


@pytest.fixture(scope="session")
def yaml_engine() -> str:
    """The folders of the engine and of the language host of YAML programs, as on PATH."""
    command = [sys.executable, str(ROOT / "tools/engine"), "--yaml"]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@pytest.fixture
def yaml_stack(stack: Stack, yaml_engine: str) -> Stack:
    """A stack of a YAML program, with the plugin where `pulumi-press plugin install` puts it."""
    prepared = replace(stack, engine=yaml_engine)
    command = [str(Path(sys.executable).with_name("pulumi-press")), "plugin", "install"]
    subprocess.run(command, env=prepared.environment(), capture_output=True, check=True)
    prepared.declare("")
    return prepared


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press of the test's own."""
    with start(tokens={TOKEN: "acme"}) as running:
        yield running


@pytest.fixture
def way() -> str:
    """How programs reach the engine; `both_ways` has a test run in each."""
    return DYNAMIC


@pytest.fixture
def make_stack(tmp_path: Path, build_stack: Callable[..., Stack], press: LocalPress, way: str) -> Callable[..., Stack]:
    """Make a stack; variables are added to its environment."""
    return partial(build_stack, tmp_path, press, way)


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """A stack whose settings come from the environment."""
    return make_stack()
