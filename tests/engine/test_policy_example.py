"""The policy pack, run by the real engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Run, Stack

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# The Python language host that can be built from a published module cannot run a policy pack. An executable file is a
# pack, too, and this one does what a current host does for `runtime: python`.
STARTER = f"""\
#!/bin/sh
cd "$(dirname "$0")"
exec "{sys.executable}" -u -m pulumi.policy "$1" .
"""

PINS = ("pulumi-policy==1.21.0", "protobuf==5.29.6", "googleapis-common-protos==1.75.0")
"""The pack's requirements, and what must be another version than in this environment for them to be met."""

VIOLATION = re.compile(r"^ +- \[(\w+)\] +(\S+) +\(.*: (\S+)\)$", re.MULTILINE)

BAD = """\
secret = pulumi.Config().require_secret("password")
spec = press.BlockSpec(
    "open",
    kind="workflow",
    metadata={"name": "open", "summary": "Breaks all rules."},
    scope="public",
    config={
        "images": {"base": {"dockerfile": "Dockerfile", "context": ".", "buildArguments": {"NPM_TOKEN": "canary-1"}}},
        "steps": {
            "a": {"imageDetails": {"id": 7}, "command": "a", "parameters": {"env": {"DB_PASSWORD": secret}}},
            "b": {"imageRef": "base", "command": "b"},
        },
    },
    artifact={"path": "block"},
)
press.BlockDeployment("open", metadata={"name": "open"}, spec={"id": spec.id}, wait=False)
"""

UNKNOWN = """\
spec = press.BlockSpec(
    "first",
    kind="service",
    metadata={"name": "first", "summary": "Is pinned.", "tags": [{"name": "team-a"}]},
    config={"serviceType": "api", "imageDetails": {"id": 7, "versionId": 1}},
)
press.BlockSpec(
    "second",
    kind="service",
    metadata={"name": "second", "summary": "Waits for the first.", "tags": [{"name": spec.id}]},
    scope=spec.id.apply(lambda _: "public"),
    config={"serviceType": "api", "imageDetails": {"id": 7, "versionId": spec.id.apply(lambda _: 3)}},
)
"""

WAITS = """\
spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "Is pinned.", "tags": [{"name": "team-a"}]},
    config={"serviceType": "api", "imageDetails": {"id": 7, "versionId": 1}},
)
press.BlockDeployment("api", metadata={"name": "api", "tags": [{"name": "team-a"}]}, spec=spec)
"""


@dataclass(frozen=True)
class Pack:
    """The file that starts the pack, and what the engine needs to run it."""

    starter: Path
    environment: dict[str, str]

    def run(self, stack: Stack, *arguments: str, config: dict[str, object] | None = None) -> Run:
        """Run a command under the pack."""
        given = ["--policy-pack", str(self.starter)]
        if config is not None:
            path = self.starter.with_name("policy-config.json")
            path.write_text(json.dumps(config))
            given += ["--policy-pack-config", str(path)]
        return stack.run(*arguments, *given, **self.environment)

    def preview(self, stack: Stack, config: dict[str, object] | None = None) -> set[tuple[str, str, str]]:
        """Preview under the pack; give level, rule and resource of each violation."""
        run = self.run(stack, "preview", config=config)
        found = set(VIOLATION.findall(run.text))
        failed = any(level == "mandatory" for level, _, _ in found)
        assert run.code == (1 if failed else 0), run.text
        assert "press-blocks@v1.0.0" in run.text
        assert "canary" not in run.text
        return found


@pytest.fixture(scope="session")
def packages() -> Path:
    """The pack's own requirements, in a folder that comes before this environment's packages."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pulumi-press"
    folder = cache / "-".join(["policy", *(pin.partition("==")[2] for pin in PINS)])
    if not folder.is_dir():
        made = folder.with_name(f"{folder.name}.{os.getpid()}")
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
        subprocess.run([*pip, "--target", str(made), *PINS], check=True)
        with suppress(OSError):  # Another process was first.
            made.rename(folder)  # Only a whole one gets the name.
        shutil.rmtree(made, ignore_errors=True)
    return folder


@pytest.fixture
def pack(tmp_path: Path, packages: Path, stack: Stack) -> Pack:
    """The pack as it is in the examples, with a file that starts it."""
    folder = tmp_path / "policy"
    shutil.copytree(EXAMPLES / "policy", folder)
    starter = folder / "start"
    starter.write_text(STARTER)
    starter.chmod(0o755)
    (stack.folder / "block").mkdir()
    (stack.folder / "block" / "Dockerfile").write_text("FROM scratch\n")
    return Pack(starter, {"PYTHONPATH": str(packages)})


def name_stack(stack: Stack, name: str) -> None:
    """Go on with a stack of another name."""
    stack.succeed("stack", "init", name)
    stack.succeed("config", "set", "--secret", "password", "canary-2")


@both_ways
def test_each_rule_finds_what_breaks_it(stack: Stack, pack: Pack) -> None:
    """A preview of a production stack names every broken rule, where it is broken, and no value; and it fails."""
    name_stack(stack, "prod")
    stack.write(BAD)

    run = pack.run(stack, "preview")

    assert run.code == 1
    assert set(VIOLATION.findall(run.text)) == {
        ("mandatory", "public-scope-reviewed", "open"),
        ("mandatory", "production-release-pinned", "open"),
        ("mandatory", "images-pinned", "open"),
        ("mandatory", "secrets-not-in-clear", "open"),
        ("mandatory", "tags-present", "open"),
        ("advisory", "failures-watched", "open"),
        ("advisory", "production-waits", "open"),
    }
    for path in (
        "config.steps.a.imageDetails: versionId",
        "config.steps.a.parameters.env.DB_PASSWORD",
        "config.images.base.buildArguments.NPM_TOKEN",
    ):
        assert path in run.text
    assert "canary" not in run.text
    assert "can't run policy" not in run.text


def test_rules_for_production_leave_other_stacks_alone(stack: Stack, pack: Pack) -> None:
    """A stack for development may follow the latest release, and need not wait."""
    name_stack(stack, "dev")
    stack.write(BAD)

    broken = {rule for _, rule, _ in pack.preview(stack)}

    assert broken == {
        "public-scope-reviewed",
        "images-pinned",
        "secrets-not-in-clear",
        "tags-present",
        "failures-watched",
    }


def test_the_configuration_of_the_pack_decides(stack: Stack, pack: Pack) -> None:
    """Reviewed names, production stacks, tags, allowed names and levels are what the configuration says."""
    name_stack(stack, "live")
    stack.write(BAD)
    config: dict[str, object] = {
        "public-scope-reviewed": {"reviewed": ["open"]},
        "production-release-pinned": {"enforcementLevel": "advisory", "productionStacks": ["live"]},
        "images-pinned": "disabled",
        "secrets-not-in-clear": {"allowed": ["DB_PASSWORD", "NPM_TOKEN"]},
        "tags-present": {"required": []},
        "failures-watched": "disabled",
    }

    assert pack.preview(stack, config) == {("advisory", "production-release-pinned", "open")}


def test_an_update_that_breaks_a_rule_makes_nothing(stack: Stack, pack: Pack) -> None:
    """`up` without a preview stops at the first resource that breaks a rule; nothing is sent."""
    name_stack(stack, "prod")
    stack.write(BAD)

    run = pack.run(stack, "up", "--yes", "--skip-preview")

    assert run.code == 1
    assert "public-scope-reviewed" in run.text
    assert (stack.press.state()["specs"], stack.press.state()["deployments"]) == ([], [])


def test_what_a_preview_does_not_know_is_judged_by_the_update(stack: Stack, pack: Pack) -> None:
    """Values that are not known yet break no rule in a preview; the update stops at the one that does."""
    name_stack(stack, "prod")
    stack.write(UNKNOWN)

    assert pack.preview(stack) == set()

    run = pack.run(stack, "up", "--yes", "--skip-preview")
    assert run.code == 1
    assert VIOLATION.findall(run.text) == [("mandatory", "public-scope-reviewed", "second")]
    assert [spec["metadata"]["name"] for spec in stack.press.state()["specs"]] == ["first"]


def test_the_quickstart_breaks_no_mandatory_rule(stack: Stack, pack: Pack) -> None:
    """The first example passes in production; its release for people to try, which nobody watches, is only told."""
    name_stack(stack, "prod")
    shutil.copytree(EXAMPLES / "quickstart", stack.folder, dirs_exist_ok=True)

    assert pack.preview(stack) == {("advisory", "failures-watched", "orders-preview")}


@both_ways
def test_deployment_that_waits_is_not_told(stack: Stack, pack: Pack) -> None:
    """A deployment that leaves `wait` out breaks no rule in production, whichever way it waits."""
    name_stack(stack, "prod")
    stack.write(WAITS)

    assert pack.preview(stack) == set()


@both_ways
def test_what_is_only_read_is_not_judged(stack: Stack, pack: Pack) -> None:
    """A spec and a deployment of somebody else's are read in production without breaking a rule."""
    stack.write(
        f"{BAD}\npulumi.export('ids', [spec.id, run.id])".replace(
            "press.BlockDeployment(", "run = press.BlockDeployment("
        )
    )
    stack.succeed("config", "set", "--secret", "password", "canary-2")
    stack.up()
    spec, run = stack.outputs()["ids"]
    name_stack(stack, "prod")
    stack.write(f"press.BlockSpec.get('open', {spec!r})\npress.BlockDeployment.get('open', {run!r})")

    assert pack.preview(stack) == set()
