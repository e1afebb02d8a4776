"""`pulumi-press import`: its files, its errors, its output."""

from __future__ import annotations

import ast
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.provider.base import CheckResult
from pulumi_press.provider.spec import SpecResource
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress
    from tests.unit.importing.conftest import Blocks, Desk


def resources(desk: Desk, name: str = "import.json") -> list[dict[str, Any]]:
    """Read the resources of an import file."""
    found: list[dict[str, Any]] = json.loads(desk.read(name))["resources"]
    return found


def opened(value: Any) -> Any:
    """Return a value with the secrets in plain text."""
    if isinstance(value, dict):
        if "plaintext" in value:
            return json.loads(value["plaintext"])
        return {key: opened(one) for key, one in value.items()}
    return [opened(one) for one in value] if isinstance(value, list) else value


def declared(program: str) -> dict[str, dict[str, Any]]:
    """Read the plain keyword arguments of each declaration in a program, by the resource's name; all are protected."""
    calls = [node.value for node in ast.parse(program).body if isinstance(node, ast.Assign)]
    found = {
        ast.literal_eval(call.args[0]): {str(key.arg): key.value for key in call.keywords}
        for call in calls
        if isinstance(call, ast.Call) and call.args
    }
    assert {ast.unparse(values.pop("opts")) for values in found.values()} == {"pulumi.ResourceOptions(protect=True)"}
    return {name: {key: ast.literal_eval(value) for key, value in values.items()} for name, values in found.items()}


def test_a_spec_comes_as_import_file_and_program(connected: Desk, blocks: Blocks, bodies: dict[str, Any]) -> None:
    """The file has inputs, outputs and the provider; the program declares the same; the next steps are printed."""
    ran = connected.run("import", "spec", "load", blocks.spec)

    assert ran.code == 0, ran.err
    (resource,) = resources(connected)
    state = resource["inputs"]
    assert (resource["type"], resource["logicalName"], resource["id"]) == (
        "pulumi-python:dynamic/press:BlockSpec",
        "load",
        blocks.spec,
    )
    assert resource["outputs"] == state
    assert state["config"] == bodies["specs"]["private_workflow"]["config"]
    assert state["__provider"].isascii()
    arguments = declared(connected.read("__main__.py"))["load"]
    assert arguments == {key: opened(value) for key, value in state.items() if key != "__provider"}
    assert set(state["parameters"]["run"]) == {"4dabf18193072939515e22adb298388d", "plaintext"}
    assert ran.err.splitlines()[-3:] == [
        "  pulumi stack init dev",
        "  pulumi import --file import.json --generate-code=false --yes",
        "  pulumi preview",
    ]
    assert ran.out == ""


def test_the_program_says_what_the_service_does_not(connected: Desk, blocks: Blocks) -> None:
    """Artifacts and build parameters cannot be read, and masked values are not written: comments say what to do."""
    connected.run("import", "spec", "load", blocks.spec)
    program = connected.read("__main__.py")
    assert "# Its release has an artifact, which the service does not return." in program
    assert "# The service may mask the default of key:" in program

    ran = connected.run("import", "deployment", "run", blocks.deployment, "--force")
    program = connected.read("__main__.py")
    assert "# The service does not return the values of its build parameters (size)." in program
    assert '"key"' not in program.replace('{"key"', "")
    comments = " ".join(line.removeprefix("# ") for line in program.splitlines() if line.startswith("# "))
    assert "`pulumi config set --secret run-key`" in comments
    assert "run: the service masks the value of key; a comment in the program says how to set it" in ran.err
    assert not any(word in program + connected.read("import.json") for word in ("s3cr3t", "****", "build="))


def test_a_masked_value_that_stands_alone_is_left_to_a_comment(
    connected: Desk, press: LocalPress, blocks: Blocks
) -> None:
    """If no other run parameter is set, the program has none, and a comment says what to add."""
    with Client(press.url, press.token) as client:
        body = {"metadata": {"name": "alone"}, "spec": {"id": blocks.spec}, "parameters": {"run": {"key": "s3cr3t"}}}
        identity = client.create_deployment(body)["id"]
        connected.run("import", "deployment", "alone", identity)
        client.delete_deployment(identity)

    program = connected.read("__main__.py")
    assert set(declared(program)["alone"]) == {"metadata", "spec"}
    comment = " ".join(line.removeprefix("# ") for line in program.splitlines() if line.startswith("# "))
    assert 'add parameters={"run": {"key": pulumi.Config().require_secret("alone-key")}}.' in comment


def test_what_the_preview_would_refuse_is_reported(
    connected: Desk, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that its resource would refuse is written as it is, with a warning."""
    checked = CheckResult({}, [CheckFailure("metadata.summary", "is required")])
    monkeypatch.setattr(SpecResource, "check", lambda *_: checked)

    ran = connected.run("import", "spec", "load", blocks.spec)

    assert ran.code == 0
    assert (
        "warning: load: the preview will fail until this is fixed in the program: metadata.summary: is required"
        in ran.err
    )
    assert resources(connected)[0]["inputs"]["kind"] == "workflow"


def test_a_deployment_brings_its_rollout(connected: Desk, blocks: Blocks) -> None:
    """The rollout is a child with the deployment's name; names in the file are unique."""
    connected.run("import", "deployment", "run", blocks.deployment)

    deployment, rollout = resources(connected)
    assert rollout["parent"] == deployment["name"] != rollout["name"]
    assert rollout["logicalName"] == deployment["logicalName"] == "run"
    assert rollout["type"] == "pulumi-python:dynamic/press:Rollout"
    assert rollout["inputs"]["deployment_id"] == rollout["id"] == blocks.deployment
    assert (rollout["inputs"]["revision"], rollout["inputs"]["status"]) == (1, "deployed")
    assert deployment["inputs"]["spec"] == {"id": blocks.spec, "release": {"version": "1.0.0"}}


def test_a_release_is_named_by_spec_and_version(connected: Desk, blocks: Blocks) -> None:
    """The program refers to the spec."""
    assert connected.run("import", "release", "load-1", f"{blocks.spec}/1.0.0", "--program", "-").code == 0

    (resource,) = resources(connected)
    assert resource["inputs"]["spec_id"] == blocks.spec
    assert resource["inputs"]["release"]["version"] == "1.0.0"


def test_a_folder_stands_for_the_files_of_the_release(connected: Desk, blocks: Blocks) -> None:
    """Its files are in the state; its path is relative to the program's folder."""
    connected.write("src/main.py", "print('hello')\n")
    connected.write("src/.ignored", "*.log\n")
    connected.write("src/a.log", "")
    (connected.folder / "infra").mkdir()
    words = ["--artifact", "src", "--ignore-file", ".ignored", "--program", "infra/__main__.py"]

    assert connected.run("import", "spec", "load", blocks.spec, *words).code == 0

    artifact = resources(connected)[0]["inputs"]["artifact"]
    assert (artifact["path"], set(artifact["files"])) == ("../src", {"main.py", ".ignored"})
    program = connected.read("infra/__main__.py")
    assert declared(program)["load"]["artifact"] == {"path": "../src", "ignore_files": [".ignored"]}
    assert "has an artifact" not in program


def test_all_takes_own_specs_named_after_their_blocks(connected: Desk) -> None:
    """Specs that may belong to other tenants are skipped, with a message; `--scope` includes them."""
    ran = connected.run("import", "spec", "--all")
    assert [item["logicalName"] for item in resources(connected)] == ["nightly-load"]
    assert "skipped 2 specs of other scopes: add --scope to import them" in ran.err

    connected.run("import", "spec", "--all", "--scope", "private", "--scope", "shared", "--force")
    assert [item["logicalName"] for item in resources(connected)] == ["nightly-load", "dashboard"]


def test_all_takes_every_deployment(connected: Desk) -> None:
    """Deployments always belong to the tenant."""
    connected.run("import", "deployment", "--all")

    assert [item["logicalName"] for item in resources(connected)] == ["nightly-load-production"] * 2


def test_the_program_may_be_printed(connected: Desk, blocks: Blocks) -> None:
    """`--program -` prints the program, and nothing else goes to stdout."""
    ran = connected.run("import", "spec", "load", blocks.spec, "--program", "-")

    assert list(declared(ran.out)) == ["load"]
    assert [path.name for path in connected.folder.iterdir()] == ["import.json"]


def test_nothing_is_overwritten_without_force(connected: Desk, blocks: Blocks) -> None:
    """An existing file is not replaced, and no request is sent."""
    connected.write("__main__.py", "mine\n")

    ran = connected.run("import", "spec", "load", blocks.spec)
    assert (ran.code, connected.read("__main__.py")) == (1, "mine\n")
    assert ran.err == (
        "pulumi-press import: __main__.py would be overwritten: choose another file, or add --force to replace it\n"
    )
    assert not (connected.folder / "import.json").exists()

    assert connected.run("import", "spec", "load", blocks.spec, "--force").code == 0
    assert "press.BlockSpec" in connected.read("__main__.py")


def test_only_its_owner_reads_the_import_file(connected: Desk, blocks: Blocks) -> None:
    """The import file may contain secrets."""
    connected.run("import", "spec", "load", blocks.spec)

    assert stat.S_IMODE((connected.folder / "import.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((connected.folder / "__main__.py").stat().st_mode) & 0o400
    assert sorted(path.name for path in connected.folder.iterdir()) == ["__main__.py", "import.json"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["spec"], "give pairs of NAME and ID, or --all"),
        (["spec", "a", "b", "--all"], "give pairs of NAME and ID, or --all"),
        (["spec", "a"], "'a' is not followed by an ID: give pairs of NAME and ID"),
        (["release", "--all"], "--all does not import releases: give pairs of NAME and SPEC_ID/VERSION"),
        (["deployment", "--all", "--scope", "shared"], "--scope needs --all, and applies to specs"),
        (
            ["spec", "a", "b", "c", "d", "--artifact", "."],
            "--artifact applies to one spec or release: name exactly one",
        ),
        (["deployment", "a", "b", "--artifact", "."], "--artifact applies to one spec or release: name exactly one"),
        (
            ["spec", "--all", "--artifact", "."],
            "--artifact cannot be combined with --all: it applies to one spec or release",
        ),
        (["spec", "a", "b", "--ignore-file", "x"], "--ignore-file needs --artifact"),
    ],
)
def test_arguments_must_go_together(desk: Desk, words: list[str], message: str) -> None:
    """A wrong combination of arguments is a usage error."""
    ran = desk.run("import", *words)

    assert (ran.code, ran.err) == (2, f"pulumi-press import: {message}\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["spec", "a", "no-such-id"], "there is no spec with the id no-such-id"),
        (["deployment", "a", "no-such-id"], "there is no deployment with the id no-such-id"),
        (["release", "a", "no-such-id/1.0.0"], "there is no release with the id no-such-id/1.0.0"),
        (["release", "a", "1.0.0"], "'1.0.0' is not the id of a release: write it as <spec id>/<version>"),
    ],
)
def test_a_missing_block_is_reported(connected: Desk, words: list[str], message: str) -> None:
    """For a block that does not exist no file is written."""
    ran = connected.run("import", *words)

    assert (ran.code, ran.err) == (1, f"pulumi-press import: {message}\n")
    assert list(connected.folder.iterdir()) == []


def test_a_missing_folder_is_reported(connected: Desk, blocks: Blocks) -> None:
    """A wrong artifact is a clear error."""
    ran = connected.run("import", "spec", "load", blocks.spec, "--artifact", "nowhere")

    assert ran.code == 1
    assert ran.err.startswith("pulumi-press import: artifact.path: ")


def test_a_file_that_cannot_be_written_is_reported(connected: Desk, blocks: Blocks) -> None:
    """A folder that does not exist is a clear error."""
    ran = connected.run("import", "spec", "load", blocks.spec, "--out-file", "no/import.json")

    assert (ran.code, ran.err) == (
        1,
        "pulumi-press import: no/import.json cannot be written: No such file or directory\n",
    )


def test_settings_come_from_the_environment_and_options(
    desk: Desk, press: LocalPress, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a token no request is sent; `--endpoint` overrides the environment; there is no option for a token."""
    ran = desk.run("import", "spec", "load", blocks.spec)
    assert ran.code == 1
    assert ran.err.startswith("pulumi-press import: press:authToken is not set")

    monkeypatch.setenv("API_KEY", press.token)
    monkeypatch.setenv("PRESS_ENDPOINT", "http://127.0.0.1:1")
    assert desk.run("import", "spec", "load", blocks.spec, "--endpoint", press.url).code == 0
    assert press.token not in desk.read("import.json") + desk.read("__main__.py")

    ran = desk.run("import", "spec", "load", blocks.spec, "--force", "--stage", "nowhere")
    assert (ran.code, "press:stage" in ran.err) == (1, True)
    assert "token" not in desk.run("import", "--help").out.lower().replace("peak_auth_token", "")


def test_a_wrong_token_is_reported(connected: Desk, blocks: Blocks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal by the service is one clear line, without the token."""
    monkeypatch.setenv("PEAK_AUTH_TOKEN", "wrong-token-1")

    ran = connected.run("import", "spec", "load", blocks.spec)

    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert "wrong-token-1" not in ran.err


def test_blocks_of_all_kinds_come_in_one_run_and_follow_their_spec(connected: Desk, blocks: Blocks) -> None:
    """The program refers to its spec; all resources are in one import file."""
    words = ["--deployment", "run", blocks.deployment, "--release", "load-1", f"{blocks.spec}/1.0.0"]

    ran = connected.run("import", "spec", "load", blocks.spec, *words)

    assert ran.code == 0, ran.err
    program = connected.read("__main__.py")
    assert 'spec={"id": load.id, "release": {"version": "1.0.0"}},' in program
    assert "spec_id=load.id," in program
    assert blocks.spec not in program
    assert [item["name"].split()[0] for item in resources(connected)] == [
        "BlockSpec",
        "BlockSpecRelease",
        "BlockDeployment",
        "Rollout",
    ]
    assert "wrote 1 spec and 1 release and 1 deployment to import.json" in ran.err


def test_all_without_a_kind_takes_specs_and_deployments(connected: Desk) -> None:
    """Deployments refer to their spec if it is imported."""
    assert connected.run("import", "--all", "--scope", "private", "--scope", "shared").code == 0

    assert [item["logicalName"] for item in resources(connected)] == [
        "nightly-load",
        "dashboard",
        *["nightly-load-production"] * 2,
    ]
    assert '{"id": nightly_load.id, "release": {"version": "1.0.0"}}' in connected.read("__main__.py")


def test_a_deployment_of_a_spec_that_is_not_imported_keeps_its_id(connected: Desk, blocks: Blocks) -> None:
    """A spec that is not in the program is referred to by its id."""
    connected.run("import", "spec", "other", blocks.shared, "--deployment", "run", blocks.deployment)

    assert f'"id": "{blocks.spec}"' in connected.read("__main__.py")


@pytest.mark.parametrize(
    "words",
    [
        ["spec", "a", "x", "a", "y"],
        ["spec", "a", "x", "--spec", "a", "y"],
        ["--deployment", "a", "x", "--deployment", "a", "y"],
    ],
)
def test_a_name_that_is_given_twice_is_refused(desk: Desk, words: list[str]) -> None:
    """Two resources of one kind have names of their own."""
    ran = desk.run("import", *words)

    assert (ran.code, ran.err) == (
        2,
        "pulumi-press import: two resources have the name 'a': give each its own name\n",
    )


def test_a_token_of_a_repository_is_asked_for(connected: Desk, press: LocalPress, bodies: dict[str, Any]) -> None:
    """The program has no token; it is in the import file, the engine encrypts it, and the steps set it."""
    body = bodies["specs"]["private_workflow"]
    steps = {
        f"s{number}": {
            "imageDetails": {"id": 1},
            "command": "run",
            "repository": {"url": "https://x.example/r", "branch": "main", "token": f"hush-{number}"},
        }
        for number in (1, 2)
    }
    with Client(press.url, press.token) as client:
        identity = client.create_spec(
            {**body, "metadata": {"name": "tokens", "summary": "s"}, "config": {"steps": steps}}
        )["id"]
        ran = connected.run("import", "spec", "--all-of it", identity)
        client.delete_spec(identity)

    program = connected.read("__main__.py")
    assert "hush" not in program + ran.err
    assert '"token": config.require_secret("all-of_it-s1-repository-token"),' in program.replace("}", ",")
    for number in (1, 2):
        key = f"all-of_it-s{number}-repository-token"
        assert (
            f"  pulumi-press import --secret {key} --out-file import.json | pulumi config set --secret {key}"
            in ran.err.splitlines()
        )
        assert connected.run("import", "--secret", key).out == f"hush-{number}\n"
    assert connected.run("import", "--secret", "none").err == (
        "pulumi-press import: import.json has no secret for the key none\n"
    )
    assert opened(resources(connected)[0]["inputs"])["config"]["steps"]["s1"]["repository"]["token"] == "hush-1"
