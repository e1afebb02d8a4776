"""The examples of the native plugin's schema, in every language, and the SDKs that Pulumi generates from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.plugin.package import SCHEMA
from tests.engine.conftest import NATIVE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Stack

EXAMPLES = ROOT / "examples" / "native"
KINDS = ("BlockSpec", "BlockSpecRelease", "BlockDeployment")
FILES = {"Pulumi.yaml", "__main__.py", "index.ts", "main.go"}
NO_GENERATOR = ("no language plugin", "GeneratePackage not implemented")
"""What the CLI says where the host of a language is not there, or has no generator yet."""


@pytest.mark.parametrize("kind", KINDS)
def test_example_is_there_in_every_language_and_in_the_schema(kind: str) -> None:
    """Each is a file that can be run, and is shown on the resource's page."""
    described = json.loads(SCHEMA.read_text(encoding="utf-8"))["resources"][f"press:index:{kind}"]["description"]

    assert {path.name for path in (EXAMPLES / kind).iterdir()} == FILES
    for path in (EXAMPLES / kind).iterdir():
        # The schema has them without the docstring.
        assert path.read_text(encoding="utf-8").rpartition('"""\n')[2].strip() in described


@pytest.mark.parametrize("kind", KINDS)
def test_examples_in_yaml_and_python_are_the_same(yaml_stack: Stack, kind: str) -> None:
    """Both plan the same resources; the one in YAML then comes up, shows no change, and goes."""
    shutil.copy(EXAMPLES / kind / "__main__.py", yaml_stack.folder)
    python = replace(yaml_stack, way=NATIVE)
    (python.folder / "Pulumi.yaml").write_text("name: life\nruntime: python\n")
    planned = plan(python)
    text = (EXAMPLES / kind / "Pulumi.yaml").read_text()
    name, _, program = text.partition("\n")
    assert name.startswith("name: press-")
    (yaml_stack.folder / "Pulumi.yaml").write_text(f"name: life\n{program}")

    assert plan(yaml_stack) == planned
    yaml_stack.up()
    assert yaml_stack.preview() == {}
    yaml_stack.succeed("destroy", "--yes", "--skip-preview")
    assert yaml_stack.press.state()["specs"] == []


def plan(stack: Stack) -> dict[str, Any]:
    """Give the inputs of all resources that a preview makes, but for what only Python sends."""
    return {
        name: {key: value for key, value in step["newState"]["inputs"].items() if not key.startswith("__")}
        for name, step in stack.preview().items()
    }


def run_pulumi(engine: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the CLI that needs no stack."""
    environment = os.environ | {
        "PATH": f"{engine}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
    }
    command = ["pulumi", *words, "--color", "never"]
    environment |= {"PULUMI_SKIP_UPDATE_CHECK": "1", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_schema_is_clean(engine: str, tmp_path: Path) -> None:
    """Pulumi's own check finds nothing."""
    done = run_pulumi(engine, tmp_path, "schema", "check", str(SCHEMA))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def sdk(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The folder of the generated SDK of a language."""
    done = run_pulumi(
        engine, tmp_path, "package", "gen-sdk", str(SCHEMA), "--language", request.param, "--out", str(tmp_path / "sdk")
    )
    if done.returncode and any(reason in done.stderr for reason in NO_GENERATOR):
        pytest.skip(f"this engine generates no SDK for {request.param}: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return tmp_path / "sdk" / str(request.param)


@pytest.mark.parametrize("sdk", ["python", "nodejs", "go"], indirect=True)
def test_sdk_is_generated(sdk: Path) -> None:
    """Each resource has a class."""
    text = "".join(
        path.read_text(encoding="utf-8") for path in sdk.rglob("*.*") if path.suffix in {".py", ".ts", ".go"}
    )

    assert [kind for kind in KINDS if f"{kind}Args" not in text] == []


@pytest.mark.parametrize("sdk", ["go"], indirect=True)
def test_examples_in_go_have_the_right_types(sdk: Path) -> None:
    """They compile with the generated SDK."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("`go` is not on PATH")
    module = sdk.parent
    for kind in KINDS:
        (module / kind).mkdir()
        shutil.copy(EXAMPLES / kind / "main.go", module / kind)
    (module / "go.mod").write_text("module pulumi-press/sdk\n\ngo 1.24\n")
    environment = os.environ | {"GOFLAGS": "-mod=mod", "GOWORK": "off"}
    found = subprocess.run(
        [go, "mod", "tidy"], cwd=module, env=environment, capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip(f"the modules of Pulumi cannot be had: {found.stderr.strip()}")

    done = subprocess.run(
        [go, "vet", *(f"./{kind}" for kind in KINDS)],
        cwd=module,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("sdk", ["nodejs"], indirect=True)
def test_examples_in_typescript_have_the_right_types(sdk: Path, tmp_path: Path) -> None:
    """`tsc` finds nothing, with the generated SDK in the place of the package."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("`npm` is not on PATH")
    command = [
        npm,
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "@pulumi/pulumi",
        "typescript",
        "@types/node",
    ]
    got = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"the packages cannot be had: {got.stderr.strip()[-300:]}")
    options = {
        "strict": True,
        "noEmit": True,
        "skipLibCheck": True,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "paths": {"pulumi-press": [str(sdk)]},
        "types": ["node"],
    }
    for kind in KINDS:
        shutil.copy(EXAMPLES / kind / "index.ts", tmp_path / f"{kind}.ts")
    files = [f"{kind}.ts" for kind in KINDS]
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))

    done = subprocess.run(
        [str(tmp_path / "node_modules" / ".bin" / "tsc")], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
