"""Importing and converting on the real engine: from files to a program, and from the service into a new stack.

The blocks are the bodies in the documentation of the service (`tests/contract/bodies.yaml`), and one file of
each kind that the `peak` command reads (`peakfiles`).
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways
from tests.engine.import_steps import follow, import_all, import_blocks, make_empty_stack, run_tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

HERE = Path(__file__).parent
BODIES = HERE.parent / "contract" / "bodies.yaml"
FILES = HERE / "peakfiles"

# Variables and names are those that `pulumi-press convert` chooses.
SAMPLES = """
params = {"params_file": "peakfiles/params.yaml"}
names = {"workflow": "sample-workflow", "web_app": "sample-web-app", "api": "sample-api"}
made = {key: press.BlockSpec.from_yaml(name, f"peakfiles/{key}.yaml", **params) for key, name in names.items()}
for key, name in names.items():
    press.BlockSpecRelease.from_yaml(
        f"{name}-2.0.0", f"peakfiles/{key}_release.yaml", spec_id=made[key].id, **params
    )
press.BlockDeployment.from_yaml(
    "sample-deployment",
    "peakfiles/deployment.yaml",
    spec={"id": made["workflow"].id, "release": {"version": "1.0.0"}},
    **params,
)
pulumi.export("spec", made["workflow"].id)
"""

DOCUMENTED = f"""
import yaml

bodies = yaml.safe_load(open({str(BODIES)!r}))
files = {{"artifact": {{"path": "files", "ignore_files": [".dockerignore"]}}}}
shared = {{"scope": "shared", "tenants": ["tenant1", "tenant2"], "featured": True}}
own = {{"scope": "private", "featured": True, "parameters": bodies["parameters"]}}
arguments = {{
    "private_workflow": {{**files, **own, "auto_run_on_deploy": True}},
    "shared_workflow": {{**files, **shared, "auto_run_on_deploy": True}},
    "web_app": own,
    "api_service": {{**files, **shared}},
}}
specs = {{key: press.BlockSpec(key, **bodies["specs"][key], **given) for key, given in arguments.items()}}
releases = {{"workflow": "private_workflow", "service": "web_app"}}
for key, spec in releases.items():
    press.BlockSpecRelease(
        key, spec_id=specs[spec].id, **bodies["releases"][key], **files, parameters=bodies["parameters"]
    )
body = bodies["deployment"]
press.BlockDeployment("documented", **{{**body, "spec": {{"id": specs["private_workflow"].id, **body["spec"]}}}})
"""


SECRETS = {"token": "token-name", "method-defaultValue": "AVG"}
"""The secrets in the files, by the last part of their configuration keys."""

PAIR = """
config = {"imageDetails": {"id": 1}}
spec = press.BlockSpec("made", kind="service", metadata={"name": "etl", "summary": "s"}, config=config)
press.BlockDeployment("made", metadata={"name": "etl-prod"}, spec={"id": spec.id})
"""


@pytest.fixture
def source(stack: Stack) -> Stack:
    """A stack with all blocks deployed."""
    shutil.copytree(FILES, stack.folder / "peakfiles")
    (stack.folder / "files").mkdir()
    for name in (".dockerignore", ".gitignore"):
        (stack.folder / "files" / name).write_text("*.tmp\n")
    (stack.folder / "files/main.py").write_text("print('hello')\n")
    (stack.folder / "files/Dockerfile").write_text("FROM scratch\n")
    stack.write(SAMPLES + DOCUMENTED)
    stack.up()
    return stack


@pytest.fixture
def fresh(source: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """An empty stack of another project on the same Press."""
    return make_empty_stack(source, tmp_path_factory.mktemp("fresh"))


def changes_of(stack: Stack) -> list[str]:
    """Return the calls since the last `forget` that change something."""
    return [call for call in stack.calls() if not call.startswith("GET ")]


def test_every_body_is_imported_without_a_change(source: Stack, fresh: Stack) -> None:
    """After an import into an empty stack the preview is empty, also after a refresh."""
    assert source.preview() == {}
    before = source.press.state()

    source.forget()
    import_all(source, fresh)

    assert fresh.preview() == {}
    assert fresh.resources().keys() == {rename(name) for name in source.resources()}
    fresh.succeed("refresh", "--yes", "--skip-preview")
    assert fresh.preview() == {}
    fresh.up()
    assert changes_of(fresh) == []
    assert before == source.press.state()


def rename(name: str) -> str:
    """Name a resource of the source as `--all` does: after its block."""
    kind, _, plain = name.partition(":")
    return {
        "BlockSpec:private_workflow": "BlockSpec:nightly-load",
        "BlockSpec:shared_workflow": "BlockSpec:load-on-demand",
        "BlockSpec:web_app": "BlockSpec:dashboard",
        "BlockSpec:api_service": "BlockSpec:forecasts",
        "BlockDeployment:documented": "BlockDeployment:nightly-load-production",
        "Rollout:documented": "Rollout:nightly-load-production",
    }.get(name, f"{kind}:{plain}")


def test_a_masked_value_is_managed_once_it_is_set(source: Stack, fresh: Stack) -> None:
    """A masked run parameter is not managed until the configuration has its value; then one PATCH sends it."""
    identity = source.resources()["BlockDeployment:sample-deployment"]["id"]
    printed = import_blocks(fresh, "deployment", "sample", identity)
    assert "the service masks the value of method" in printed
    assert fresh.preview() == {}

    fresh.succeed("config", "set", "--secret", "sample-method", "SUM")
    program = fresh.folder / "blocks.py"
    secret = '"run": {"method": pulumi.Config().require_secret("sample-method"), '
    program.write_text(program.read_text().replace('"run": {', secret))
    changes = fresh.preview()
    fresh.forget()
    fresh.up()

    assert {name: set(step["detailedDiff"]) for name, step in changes.items()} == {
        "BlockDeployment:sample": {"parameters.run.method", "hidden"}
    }
    assert changes_of(fresh) == [f"PATCH /v1/deployments/{identity}/parameters/run"]
    assert fresh.preview() == {}


def test_a_token_that_the_service_tells_is_encrypted_in_the_state(stack: Stack) -> None:
    """A repository's token is secret after the import, and only the owner can read the import file."""
    stack.write(
        """
        press.BlockSpec(
            "etl",
            kind="workflow",
            metadata={"name": "etl", "summary": "Loads"},
            config={"steps": {"run": {
                "imageDetails": {"id": 1},
                "command": "python main.py",
                "repository": {"url": "https://git.example/etl", "branch": "main", "token": "canary-repository-token"},
            }}},
        )
        """.replace("\n        ", "\n")
    )
    stack.up()
    identity = stack.resources()["BlockSpec:etl"]["id"]
    stack.succeed("state", "delete", stack.resources()["BlockSpec:etl"]["urn"], "--yes")

    stack.write("")
    import_blocks(stack, "spec", "etl", identity)

    assert "canary-repository-token" in (stack.folder / "blocks.json").read_text()
    assert (stack.folder / "blocks.json").stat().st_mode & 0o077 == 0
    assert "canary-repository-token" not in (stack.folder / "blocks.py").read_text()
    assert "canary-repository-token" not in stack.succeed("stack", "export")
    assert stack.preview() == {}


def test_the_artifact_of_a_spec_is_imported_with_its_folder(source: Stack, fresh: Stack) -> None:
    """With `--artifact` the program declares the folder; only a changed file publishes a release."""
    identity = source.resources()["BlockSpec:api_service"]["id"]
    shutil.copytree(source.folder / "files", fresh.folder / "files")
    import_blocks(fresh, "spec", "forecasts", identity, "--artifact", "files", "--ignore-file", ".dockerignore")
    assert fresh.preview() == {}

    (fresh.folder / "files/main.py").write_text("print('changed')\n")
    program = fresh.folder / "blocks.py"
    program.write_text(program.read_text().replace('"version": "1.0.0", "notes"', '"version": "1.0.1", "notes"'))
    changes = fresh.preview()

    assert {name: set(step["detailedDiff"]) for name, step in changes.items()} == {
        "BlockSpec:forecasts": {"artifact.digest", 'artifact.files["main.py"]', "release.version"}
    }


@both_ways
def test_a_converted_program_is_what_the_files_say(source: Stack, make_program: Callable[[str], str]) -> None:
    """The program that `convert` writes replaces `from_yaml` without a change."""
    spec_id = source.outputs()["spec"]
    source.write(SAMPLES)
    source.up()

    converted = make_program(spec_id)
    (source.folder / "__main__.py").write_text(converted)

    assert source.preview() == {}


@pytest.fixture
def make_program(stack: Stack) -> Callable[[str], str]:
    """Return a function that converts all files: each spec with its release, and the deployment."""

    def convert(spec_id: str) -> str:
        text = ""
        for names in (["workflow", "workflow_release"], ["web_app", "web_app_release"], ["api", "api_release"]):
            text += convert_files(stack, names)
        return text + convert_files(stack, ["deployment"], "-p", f"spec_id={spec_id}")

    return convert


def convert_files(stack: Stack, names: list[str], *words: str) -> str:
    """Convert files into one program, with artifacts in the project's folder."""
    files = [f"peakfiles/{name}.yaml" for name in names]
    words = ("-v", "peakfiles/params.yaml", "--out", "converted.py", "--force", *words)
    words += ("--native",) if stack.is_native else ()
    printed = run_tool(stack, "convert", *files, *words).stderr
    for line in printed.splitlines():
        if line.startswith("  "):
            secret = next(value for end, value in SECRETS.items() if line.endswith(end))
            stack.succeed(*line.split()[1:], secret)
    return (stack.folder / "converted.py").read_text()


@pytest.mark.parametrize("words", [("--program", "dep.py"), ("--program", "infra/dep.py"), ("--program", "-")])
def test_the_printed_steps_lead_from_an_empty_folder_to_an_empty_preview(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...]
) -> None:
    """The printed steps, run as they are: spec and deployment are protected, linked, and unchanged."""
    stack.write(PAIR)
    stack.up()
    before = stack.press.state()
    folder = tmp_path_factory.mktemp("fresh")
    backend = f"file://{tmp_path_factory.mktemp('backend')}?metadata=skip"
    # A program in a folder below is of the same project, whose stack is selected in the engine's own folder.
    home = {"PULUMI_HOME": str(folder / "home")}
    fresh = replace(stack, folder=folder, variables={"PULUMI_BACKEND_URL": backend, **home})
    (folder / "infra").mkdir()

    done = run_tool(fresh, "import", "--all", *words)
    if "-" in words:
        (fresh.folder / "__main__.py").write_text(done.stdout)
    printed = follow(fresh, done.stderr)
    fresh = replace(fresh, folder=fresh.folder / "infra") if "infra/dep.py" in words else fresh

    assert "4 unchanged" in printed
    assert fresh.preview() == {}
    assert all(resource["protect"] for resource in fresh.resources().values())
    fresh.up()
    resources = fresh.resources()
    assert all(resource["protect"] for resource in resources.values())
    assert resources["BlockSpec:etl"]["urn"] in resources["BlockDeployment:etl-prod"]["dependencies"]
    assert "protected" in fresh.run("destroy", "--yes", "--skip-preview").text
    assert stack.press.state() == before
