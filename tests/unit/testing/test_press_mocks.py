"""Programs under `PressMocks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import config

import pulumi_press as press
from pulumi_press.emulator import start
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]


def declare(rows: Any = 10) -> pulumi.Output[Any]:
    """Declare a spec, a release and a deployment."""
    spec = press.BlockSpec(
        "api",
        kind="service",
        metadata={"name": "api", "summary": "An API"},
        config={"serviceType": "api", "imageDetails": {"id": 1}},
        parameters={"run": [{"name": "rows", "type": "number", "required": True}]},
    )
    run = press.BlockDeployment(
        "api",
        metadata={"name": "api"},
        spec={"id": spec.id, "release": {"version": spec.release_version}},
        parameters={"run": {"rows": rows}},
    )
    return pulumi.Output.all(spec.release_version, run.revision_number, run.status)


def test_program_runs_without_a_service(run_under: Runner) -> None:
    """Without a service the checks run all the same: the version is chosen, the revision is numbered."""
    assert run_under(PressMocks(), declare) == ["1.0.0", 1, "deployed"]


def test_mistakes_are_told(run_under: Runner) -> None:
    """A mistake fails the test with its path, also one that only the release's declaration can tell."""
    with pytest.raises(AssertionError, match=r"parameters\.run\.rows: must be a number"):
        run_under(PressMocks(), lambda: declare(rows=pulumi.Output.secret("many")))


def test_program_runs_against_a_local_press(run_under: Runner, press_emulator: LocalPress) -> None:
    """With a local Press the program really makes its objects there."""
    assert run_under(PressMocks(press_emulator.url, press_emulator.token), declare) == ["1.0.0", 1, "deployed"]
    assert len(press_emulator.state()["deployments"]) == 1


@pytest.fixture
def configure() -> Iterator[Callable[..., None]]:
    """Set the stack's configuration."""
    yield config.set_all_config
    config.set_all_config({}, [])


def tags_of(spec: press.BlockSpec) -> pulumi.Output[list[str]]:
    """Give the tags of a spec."""
    return spec.metadata.apply(lambda metadata: [tag["name"] for tag in metadata.get("tags", [])])


def make_spec(name: str = "api", **more: Any) -> press.BlockSpec:
    """Declare a spec."""
    return press.BlockSpec(
        name,
        kind="service",
        metadata={"name": name, "summary": "An API"},
        config={"serviceType": "api", "imageDetails": {"id": 1}},
        **more,
    )


def test_settings_of_the_stack_hold(run_under: Runner, configure: Callable[..., None]) -> None:
    """The stack's configuration decides as it does in the engine."""
    configure({"press:defaultTags": '["team-a"]', "press:authToken": "x"}, ["press:authToken"])

    assert run_under(PressMocks(), lambda: tags_of(make_spec())) == ["team-a"]


def test_settings_of_a_provider_hold_for_its_resources_only(run_under: Runner, configure: Callable[..., None]) -> None:
    """A provider's own settings win for the resources that have it, a child's too; the others take the stack's."""
    configure({"press:defaultTags": '["team-a"]'}, [])

    def program() -> Any:
        provider = press.Provider("south", default_tags=["southern"], auth_token=pulumi.Output.secret("own"))
        south = make_spec("south", opts=pulumi.ResourceOptions(provider=provider))
        plain = press.Provider("plain")
        return pulumi.Output.all(
            tags_of(south),
            tags_of(make_spec("north")),
            tags_of(make_spec("other", opts=pulumi.ResourceOptions(provider=plain))),
        )

    assert run_under(PressMocks(), program) == [["southern"], ["team-a"], ["team-a"]]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"press:drift": "ignore"}, "press:drift must be one of revert, adopt, report, not 'ignore'"),
        ({"press:timeout": "soon"}, "press:timeout must be a number of seconds above 0"),
        ({"press:stage": "nowhere"}, "press:stage: stage 'nowhere' does not exist"),
    ],
)
def test_wrong_setting_is_a_mistake(
    values: dict[str, str], told: str, run_under: Runner, configure: Callable[..., None]
) -> None:
    """A setting that makes no sense fails a test as it fails a preview."""
    configure(values, [])

    with pytest.raises(AssertionError, match=told):
        run_under(PressMocks(), make_spec)


@pytest.mark.parametrize("setting", ["press:adopt", "press:validate"])
def test_nothing_is_asked_without_a_service(setting: str, run_under: Runner, configure: Callable[..., None]) -> None:
    """Settings by which a preview asks the service need none in a test."""
    configure({setting: {"press:adopt": "always", "press:validate": "server"}[setting]}, [])

    assert run_under(PressMocks(), declare) == ["1.0.0", 1, "deployed"]
    assert run_under(PressMocks(), lambda: make_spec(adopt="always").release_version) == "1.0.0"


def test_token_of_a_provider_is_used(run_under: Runner) -> None:
    """With a local Press, each provider's resources are made for its own tenant."""
    with start(tokens={"one": "north", "two": "south"}) as local:

        def program() -> Any:
            provider = press.Provider("south", auth_token="two")
            spec = make_spec("api", opts=pulumi.ResourceOptions(provider=provider))
            return pulumi.Output.all(spec.id, make_spec("web").id)

        run_under(PressMocks(local.url, "one"), program)

        found = {item["metadata"]["name"]: item["tenant"] for item in local.state()["specs"]}
        assert found == {"api": "south", "web": "north"}


@pytest.mark.parametrize("service", [False, True])
def test_secrets_stay_secret(run_under: Runner, press_emulator: LocalPress, *, service: bool) -> None:
    """An output is secret where its input is, at any depth, and where the release hides a value; others are not."""

    def program() -> Any:
        secret = pulumi.Output.secret
        spec = press.BlockSpec(
            "api",
            kind="service",
            metadata={"name": "api", "summary": secret("An API")},
            config={"serviceType": "api", "imageDetails": {"id": 1}, "parameters": {"env": {"KEY": secret("hidden")}}},
            release={"notes": "Plain."},
            parameters={"run": [{"name": "key", "type": "string", "required": True, "hideValue": True}]},
        )
        run = press.BlockDeployment(
            "api",
            metadata={"name": "api", "tags": [{"name": secret("a")}]},
            spec={"id": spec.id, "release": {"version": "1.0.0"}},
            parameters={"run": {"key": "in-clear"}},
        )
        outputs: Any = [spec.config, spec.metadata, spec.kind, spec.release, run.metadata, run.parameters, run.spec]
        flags = pulumi.Output.all(*[pulumi.Output.from_input(output.is_secret()) for output in outputs])
        return pulumi.Output.all(flags, spec.config.apply(lambda config: config["parameters"]["env"]["KEY"]))

    mocks = PressMocks(press_emulator.url, press_emulator.token) if service else PressMocks()

    assert run_under(mocks, program) == [[True, True, False, False, True, True, False], "hidden"]


def test_existing_blocks_can_be_read_without_a_service(run_under: Runner) -> None:
    """`.get` gives made-up outputs that a program can go on with, or those that the test says."""
    told = {"known": {"metadata": {"name": "sales"}, "release": {"version": "4.2.0"}}}

    def program() -> Any:
        spec = press.BlockSpec.get("spec", "an-id")
        known = press.BlockSpec.get("known", "known")
        release = press.BlockSpecRelease.get("release", "an-id/2.0.0")
        run = press.BlockDeployment.get("run", "another-id")
        made = press.BlockDeployment(
            "made", metadata={"name": "made"}, spec={"id": spec.id, "release": {"version": known.release_version}}
        )
        return pulumi.Output.all(
            spec.id,
            spec.release_version,
            known.release_version,
            known.metadata["name"],
            release.version,
            release.spec_id,
            run.metadata["name"],
            run.revision_number,
            made.spec,
        )

    assert run_under(PressMocks(existing=told), program) == [
        *("an-id", "1.0.0", "4.2.0", "sales", "2.0.0", "an-id", "run", 1),
        {"id": "an-id", "release": {"version": "4.2.0"}},
    ]
