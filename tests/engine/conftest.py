"""A real Pulumi stack against a local Press."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import start
from pulumi_press.plugin.names import write_path
from tests.engine.surroundings import surround

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_press.emulator import LocalPress

ROOT = Path(__file__).resolve().parents[2]

TOKEN = "canary-5d0e-token"

DYNAMIC, NATIVE = "dynamic", "native"


def deploy_often(count: int) -> str:
    """Give a program with a spec and so many deployments of it."""
    return f"""
spec = press.BlockSpec(
    "api", kind="service", metadata={{"name": "api", "summary": "An API"}}, config={{"imageDetails": {{"id": 1}}}}
)
for number in range({count}):
    press.BlockDeployment(
        f"api-{{number}}",
        metadata={{"name": f"api-{{number}}"}},
        spec={{"id": spec.id, "release": {{"version": spec.release_version}}}},
    )
"""


IMPORTS = {DYNAMIC: "import pulumi_press as press", NATIVE: "from pulumi_press import native as press"}
"""How a program reaches the engine, and what it imports for that."""

WHOLE = {"revision": "revision.notes"}
"""What the engine names as a whole for a dynamic provider, and its leaf."""

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

    def expect(self, leaves: Mapping[str, set[str]]) -> dict[str, set[str]]:
        """Give changed leaves, by resource, as the stack's way shows them.

        The native plugin has a schema's names, a deployment that waits itself, and each leaf of what comes or goes.
        """
        if not self.is_native:
            return dict(leaves)
        return {
            name: {WHOLE.get(path, write_path(path)) for path in paths}
            for name, paths in leaves.items()
            if not name.startswith("Rollout:")
        }

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
def initialized(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an empty stack. The command takes a second and there are hundreds of stacks: they are copies."""
    folder = tmp_path_factory.mktemp("stack")
    _initialize(folder, surround(engine, folder, "http://127.0.0.1:9", TOKEN))
    return folder


@pytest.fixture(scope="session")
def build_stack(engine: str, initialized: Path) -> Callable[..., Stack]:
    """Give what makes a stack in a folder against a local Press; variables are added to its environment."""

    def build(folder: Path, press: LocalPress, way: str = DYNAMIC, **variables: str | None) -> Stack:
        stack = Stack(folder, engine, press, variables, way)
        if any(name.startswith("PULUMI_") for name in variables):
            _initialize(folder, stack.environment())
        else:
            _copy(initialized, folder)
        return stack

    return build


def _initialize(folder: Path, environment: dict[str, str]) -> None:
    (folder / "backend").mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    command = ["pulumi", "stack", "init", "test", "--non-interactive"]
    subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )


def _copy(initialized: Path, folder: Path) -> None:
    shutil.copytree(initialized, folder, dirs_exist_ok=True)
    # The engine keeps which stack is selected under the digest of the project's path.
    (selected,) = (folder / "home/workspaces").iterdir()
    text = selected.read_text()
    selected.unlink()
    digest = hashlib.sha1(str(folder / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    selected.with_name(f"life-{digest}-workspace.json").write_text(text.replace(str(initialized), str(folder)))


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
