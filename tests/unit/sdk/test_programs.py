"""What a program's declarations come to: types, inputs, children."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import rpc

import pulumi_press as press
from pulumi_press.sdk.block_deployment import Rollout

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.sdk.conftest import Keeper

    Run = Callable[[Callable[[], Any]], Any]

TOKEN = "pulumi-python:dynamic/press:"

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders", "tags": [{"name": "daily"}]},
    "release": {"version": "1.0.0", "notes": "First"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
    "parameters": {"run": [{"name": "rows", "type": "number", "required": True}]},
    "featured": False,
    "scope": "shared",
    "tenants": ["north"],
    "auto_run_on_deploy": True,
    "version": 1,
    "adopt": "never",
}
RELEASE: dict[str, Any] = {
    "spec_id": "an-id",
    "release": {"version": "1.1.0"},
    "config": SPEC["config"],
    "parameters": SPEC["parameters"],
    "auto_run_on_deploy": False,
}
DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "etl-prod"},
    "spec": {"id": "an-id", "release": {"version": "1.0.0"}},
    "parameters": {"run": {"rows": 10}},
    "revision": {"notes": "First"},
    "triggers": {"image": "one"},
    "timeouts": {"create": "30m"},
    "adopt": "always",
}


def given(keeper: Keeper) -> list[tuple[str, str, dict[str, Any]]]:
    """Give what was declared, without the provider."""
    return [
        (item.token, item.name, {key: value for key, value in item.inputs.items() if not key.startswith("__")})
        for item in keeper.declared
    ]


def test_resources_have_their_types_and_inputs(keeper: Keeper, run: Run) -> None:
    """Each of the four types has its token, which is part of every state, and is given the arguments as they are."""
    keeper.outputs["run"] = {"revision_number": 1}

    def program() -> pulumi.Output[Any]:
        spec = press.BlockSpec("etl", **SPEC)
        release = press.BlockSpecRelease("etl-2", **RELEASE)
        run = press.BlockDeployment("run", **DEPLOYMENT)
        return pulumi.Output.all(spec.id, release.version, run.id, spec.release_version)

    assert run(program) == ["etl-id", "1.1.0", "run-id", "1.0.0"]
    declared = {token: (name, inputs) for token, name, inputs in given(keeper)}
    assert declared == {
        f"{TOKEN}BlockSpec": ("etl", SPEC),
        f"{TOKEN}BlockSpecRelease": ("etl-2", RELEASE),
        f"{TOKEN}BlockDeployment": ("run", DEPLOYMENT),
        f"{TOKEN}Rollout": ("run", {"deployment_id": "run-id", "revision": 1, "timeouts": {"create": "30m"}}),
    }


def test_arguments_left_out_are_not_sent(keeper: Keeper, run: Run) -> None:
    """What a program does not say is not among the inputs."""
    least = {key: SPEC[key] for key in ("kind", "metadata", "config")}

    run(lambda: press.BlockSpec("etl", **least).id)

    assert given(keeper) == [(f"{TOKEN}BlockSpec", "etl", least)]


def test_arguments_of_the_program_stay_as_they_are(keeper: Keeper, run: Run) -> None:
    """One dict of arguments serves many resources."""
    arguments = {**SPEC, "artifact": {"path": "files"}}
    before = repr(arguments)

    run(lambda: pulumi.Output.all(*(press.BlockSpec(name, **arguments).id for name in ("one", "two"))))

    assert repr(arguments) == before
    assert len(keeper.declared) == 2


def test_artifact_is_sent_with_an_absolute_path(
    keeper: Keeper, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider's working directory is another one."""
    monkeypatch.chdir(tmp_path)

    run(lambda: press.BlockSpec("etl", **SPEC, artifact={"path": "files", "ignore_files": [".ignore"]}).id)
    run(lambda: press.BlockSpecRelease("etl-2", **RELEASE, artifact={"path": Path("files")}).id)  # type: ignore[arg-type]  # The SDK takes it.

    sent = [inputs["artifact"] for _, _, inputs in given(keeper)]
    assert sent == [
        {"path": str(tmp_path / "files"), "ignore_files": [".ignore"]},
        {"path": str(tmp_path / "files")},
    ]


def test_secrets_reach_the_engine_as_secrets(keeper: Keeper, run: Run) -> None:
    """A secret at any depth is sent as one, so that the state holds it encrypted."""

    def program() -> pulumi.Output[str]:
        parameters = {"run": {"key": pulumi.Output.secret("canary")}}
        return press.BlockDeployment("run", **{**DEPLOYMENT, "parameters": parameters}, wait=False).id

    run(program)

    ((_, _, inputs),) = given(keeper)
    assert rpc.is_rpc_secret(inputs["parameters"])
    assert rpc.unwrap_rpc_secret(inputs["parameters"]) == {"run": {"key": "canary"}}


def test_deployment_that_does_not_wait_has_no_rollout(keeper: Keeper, run: Run) -> None:
    """With `wait=False` nothing waits, and there is no status."""

    def program() -> pulumi.Output[Any]:
        deployment = press.BlockDeployment("run", **DEPLOYMENT, wait=False)
        assert deployment.rollout is None
        return deployment.status

    assert run(program) is None
    assert [token for token, _, _ in given(keeper)] == [f"{TOKEN}BlockDeployment"]


def test_status_comes_from_the_rollout(keeper: Keeper, run: Run) -> None:
    """What takes the deployment's status waits for the rollout, which is its child."""
    keeper.outputs["run"] = {"revision_number": 1, "status": "warning"}

    def program() -> pulumi.Output[Any]:
        deployment = press.BlockDeployment("run", **DEPLOYMENT)
        assert isinstance(deployment.rollout, Rollout)
        return pulumi.Output.all(deployment.status, deployment.rollout.urn)

    status, urn = run(program)

    assert status == "warning"
    assert f"{TOKEN}BlockDeployment${TOKEN}Rollout::run" in urn


def test_values_of_other_resources_are_resolved(keeper: Keeper, run: Run) -> None:
    """A deployment takes the id and the chosen version of a spec."""
    keeper.outputs["etl"] = {"release": {"version": "1.0.7"}}

    def program() -> pulumi.Output[Any]:
        spec = press.BlockSpec("etl", **{**SPEC, "release": None})
        wanted: Any = {"id": spec.id, "release": {"version": spec.release_version}}
        return press.BlockDeployment("run", metadata={"name": "etl-prod"}, spec=wanted, wait=False).id

    run(program)

    assert given(keeper)[1][2]["spec"] == {"id": "etl-id", "release": {"version": "1.0.7"}}


@pytest.mark.parametrize("release", [None, {}, {"notes": "The first."}], ids=str)
def test_version_of_what_was_never_checked_is_empty(release: Any, run: Run) -> None:
    """`refresh --run-program` answers for what is not there yet with what the program gave; it must not fail."""

    def program() -> pulumi.Output[Any]:
        spec = press.BlockSpec("etl", **{**SPEC, "release": release})
        further = press.BlockSpecRelease("etl-2", **{**RELEASE, "release": release})
        return pulumi.Output.all(spec.release_version, further.version)

    assert run(program) == ["", ""]


PARTS = {key: SPEC[key] for key in ("kind", "metadata", "config")}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"sepc": PARTS}, "sepc: is not a known argument; did you mean `spec`?\nBlock 'etl': spec: is required"),
        ({"spec": "etl"}, "spec: must be an object, known in the program"),
        ({"spec": {**PARTS, "opts": None}}, "spec.opts: is set by the Block; leave it out"),
        ({"spec": PARTS, "releases": [RELEASE]}, "releases: must be an object, by a name for each release"),
        (
            {"spec": PARTS, "releases": {"next": {**RELEASE, "spec_id": "x"}}},
            "releases.next.spec_id: is set by the Block; leave it out",
        ),
        (
            {"spec": PARTS, "deployment": {"metadata": {"name": "run"}, "spec": {"id": "x"}}},
            "deployment.spec: is set by the Block; leave it out",
        ),
        ({"spec": PARTS, "deploymnet": {}}, "deploymnet: is not a known argument; did you mean `deployment`?"),
        (
            {"spec": PARTS, "releases": {"next": {"release": {"version": "1.1.0"}, "config": {}}}, "run": "nxt"},
            "run: there is no release 'nxt' in releases; did you mean `next`?",
        ),
    ],
    ids=str,
)
def test_wrong_arguments_of_a_block_are_told_in_words(
    arguments: dict[str, Any], told: str, run: Run, keeper: Keeper
) -> None:
    """All at once and with no traceback, before anything is declared."""
    with pytest.raises(pulumi.RunError, match=f"^{re.escape(f'''Block 'etl': {told}''')}$"):
        run(lambda: press.Block("etl", **arguments))

    assert keeper.declared == []
