"""Programs of `pulumi_press.native` under `PressMocks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import config

from pulumi_press import native as press
from pulumi_press.emulator import start
from pulumi_press.provider.errors import NotReadyError
from pulumi_press.testing import MistakesError, PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pulumi_press.emulator import LocalPress

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]

SERVICE: Any = {"serviceType": "api", "imageDetails": {"id": 1}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the engine keeps its plugins."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PULUMI_HOME", str(folder))
    return folder


@pytest.fixture
def configure() -> Iterator[Callable[..., None]]:
    """Set the stack's configuration."""
    yield config.set_all_config
    config.set_all_config({}, [])


def make_spec(name: str = "api", **more: Any) -> press.BlockSpec:
    """Declare a spec."""
    metadata = {"name": name, "summary": "An API"}
    return press.BlockSpec(name, **{"kind": "service", "metadata": metadata, "config": SERVICE, **more})


def declare(rows: Any = 10, **more: Any) -> pulumi.Output[Any]:
    """Declare a spec and a deployment."""
    spec = make_spec(parameters={"run": [{"name": "rows", "type": "number", "required": True}]})
    run = press.BlockDeployment(
        "api",
        metadata={"name": "api"},
        spec={"id": spec.id, "release": {"version": spec.release_version}},
        parameters={"run": {"rows": rows}},
        **more,
    )
    return pulumi.Output.all(spec.release_version, run.revision_number, run.status)


def test_program_runs_without_a_service(run_under: Runner, home: Path) -> None:
    """The version is chosen, the revision numbered and deployed, and no plugin is installed."""
    assert run_under(PressMocks(), declare) == ["1.0.0", 1, "deployed"]
    assert not home.exists()


def test_program_runs_against_a_local_press(run_under: Runner, press_emulator: LocalPress, home: Path) -> None:
    """With a local Press the program really makes its objects there, and waits for the revision."""
    assert run_under(PressMocks(press_emulator.url, press_emulator.token), declare) == ["1.0.0", 1, "deployed"]
    assert [item["metadata"]["status"] for item in press_emulator.state()["deployments"]] == ["deployed"]
    assert not home.exists()


def test_failed_rollout_fails_the_test(run_under: Runner, press_emulator: LocalPress) -> None:
    """A deployment whose revision fails on the local Press is not ready, and the service's reason is told."""
    press_emulator.outcomes({"status": "failed", "errors": [{"code": 500, "message": "no such image"}]})

    with pytest.raises(NotReadyError, match="no such image"):
        run_under(PressMocks(press_emulator.url, press_emulator.token), declare)


def test_deployment_that_does_not_wait_has_no_status(run_under: Runner) -> None:
    """With `wait=False` the status is None, as in the engine."""
    assert run_under(PressMocks(), lambda: declare(wait=False)) == ["1.0.0", 1, None]


def test_mistakes_have_the_names_of_python(run_under: Runner) -> None:
    """A mistake fails the test with the path that the program wrote, not with that of the schema."""
    with pytest.raises(MistakesError, match=r"parameters\.run\.rows: must be a number"):
        run_under(PressMocks(), lambda: declare(rows=pulumi.Output.secret("many")))
    with pytest.raises(MistakesError, match=r"auto_run_on_deploy: must be true or false"):
        run_under(PressMocks(), lambda: make_spec(auto_run_on_deploy="often"))
    with pytest.raises(MistakesError, match=r"on_failure: must be"):
        run_under(PressMocks(), lambda: declare(on_failure="panic"))


def test_artifact_has_the_names_of_python(run_under: Runner, tmp_path: Path) -> None:
    """Arguments and outputs of an artifact are named as in the program."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code/main.py").write_text("print('hello')\n")
    (tmp_path / "code/.ignored").write_text("*.txt\n")
    (tmp_path / "code/notes.txt").write_text("none\n")

    def program() -> Any:
        artifact: Any = {"path": str(tmp_path / "code"), "ignore_files": [".ignored"]}
        plain, secret = make_spec("plain", artifact=artifact), make_spec("web", artifact=pulumi.Output.secret(artifact))
        return pulumi.Output.all(plain.artifact, secret.artifact, plain.auto_run_on_deploy)

    artifact, same, _ = run_under(PressMocks(), program)

    assert artifact == same
    assert artifact["ignore_files"] == [".ignored"]
    assert "main.py" in artifact["files"]
    assert "notes.txt" not in artifact["files"]


def test_block_is_made_of_native_resources(run_under: Runner) -> None:
    """A `Block` makes spec, releases and deployment, with their outputs."""

    def program() -> Any:
        metadata: Any = {"name": "api", "summary": "An API"}
        block = press.Block(
            "api",
            spec={"kind": "service", "metadata": metadata, "config": SERVICE},
            deployment={"metadata": {"name": "api"}},
        )
        assert block.deployment is not None
        return pulumi.Output.all(block.spec.release_version, block.deployment.status)

    assert run_under(PressMocks(), program) == ["1.0.0", "deployed"]


def test_existing_blocks_can_be_read_without_a_service(run_under: Runner) -> None:
    """`.get` gives made-up outputs, or those that the test says."""
    told: dict[str, dict[str, Any]] = {"known": {"release": {"version": "4.2.0"}}, "broken": {"status": "failed"}}

    def program() -> Any:
        release = press.BlockSpecRelease.get("release", "an-id/2.0.0")
        return pulumi.Output.all(
            press.BlockSpec.get("spec", "an-id").release_version,
            press.BlockSpec.get("known", "known").release_version,
            release.version,
            release.spec_id,
            press.BlockDeployment.get("run", "another-id").revision_number,
            press.BlockDeployment.get("run-2", "another-id").status,
            press.BlockDeployment.get("broken", "broken").status,
        )

    assert run_under(PressMocks(existing=told), program) == [
        *("1.0.0", "4.2.0", "2.0.0", "an-id", 1, "deployed", "failed")
    ]


def test_existing_block_is_read_from_a_local_press(run_under: Runner, press_emulator: LocalPress) -> None:
    """With a local Press, `.get` reads what is there."""
    mocks = PressMocks(press_emulator.url, press_emulator.token)
    run_under(mocks, declare)
    (spec,), (run,) = press_emulator.state()["specs"], press_emulator.state()["deployments"]

    def program() -> Any:
        found = press.BlockDeployment.get("run", run["id"])
        return pulumi.Output.all(press.BlockSpec.get("spec", spec["id"]).release_version, found.spec, found.status)

    version, target, status = run_under(mocks, program)

    assert (version, target["id"], status) == ("1.0.0", spec["id"], "deployed")


def test_import_keeps_the_id_and_checks_the_arguments(run_under: Runner) -> None:
    """A resource with `import_` has that id, and its mistakes are found."""
    options = pulumi.ResourceOptions(import_="an-id")

    assert run_under(PressMocks(), lambda: make_spec(opts=options).id) == "an-id"
    with pytest.raises(MistakesError, match="kind"):
        run_under(PressMocks(), lambda: make_spec(kind="job", opts=options))


def test_settings_of_a_provider_hold_for_its_resources(run_under: Runner, configure: Callable[..., None]) -> None:
    """An explicit provider's settings win for the resources that have it; the others take the stack's."""
    configure({"press:defaultTags": '["team-a"]'}, [])

    def tags_of(spec: press.BlockSpec) -> pulumi.Output[list[str]]:
        return spec.metadata.apply(lambda metadata: [tag["name"] for tag in metadata.get("tags", [])])

    def program() -> Any:
        provider = press.Provider("south", default_tags=["southern"], auth_token=pulumi.Output.secret("own"))
        south = make_spec("south", opts=pulumi.ResourceOptions(provider=provider))
        return pulumi.Output.all(tags_of(south), tags_of(make_spec("north")))

    assert run_under(PressMocks(), program) == [["southern"], ["team-a"]]


def test_token_of_a_provider_is_used(run_under: Runner) -> None:
    """With a local Press, a provider's resources are made for its own tenant."""
    with start(tokens={"one": "north", "two": "south"}) as local:

        def program() -> Any:
            provider = press.Provider("south", auth_token="two")
            return make_spec(opts=pulumi.ResourceOptions(provider=provider)).id

        run_under(PressMocks(local.url, "one"), program)

        assert [item["tenant"] for item in local.state()["specs"]] == ["south"]


def test_secrets_stay_secret(run_under: Runner) -> None:
    """An output is secret where its input is, and where the release hides a value; others are not."""

    def program() -> Any:
        spec = make_spec(
            config={**SERVICE, "parameters": {"env": {"KEY": pulumi.Output.secret("hidden")}}},
            parameters={"run": [{"name": "key", "type": "string", "required": True, "hideValue": True}]},
        )
        run = press.BlockDeployment(
            "api",
            metadata={"name": "api"},
            spec={"id": spec.id, "release": {"version": "1.0.0"}},
            parameters={"run": {"key": "in-clear"}},
        )
        outputs: Any = [spec.config, spec.metadata, run.parameters, run.spec, run.status]
        flags = pulumi.Output.all(*[pulumi.Output.from_input(output.is_secret()) for output in outputs])
        return pulumi.Output.all(flags, spec.config.apply(lambda config: config["parameters"]["env"]["KEY"]))

    assert run_under(PressMocks(), program) == [[True, False, True, False, False], "hidden"]
