"""A live value that Pulumi cannot hold is never sent back as another one, and what happens to it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.carried import carry, is_shown
from pulumi_press.plugin.dynamic import from_engine, to_engine
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import get, make_whole, normalize, put

if TYPE_CHECKING:
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

LOST: list[Any] = [
    2**53 + 1,
    -(2**63),
    {"a": None},
    [{"a": {"b": None}}],
    {"": 1},
    {"C:\\": 1},
    -0.0,
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": 1},
]

KEPT: list[Any] = [2**53, -(2**53), 1e300, 0.1, "", "\u202f", "\u0000", [None], {}, {"a": [None, {"b": False}]}, True]

DECLARED = {"run": [{"name": name, "type": "object_array", "required": False} for name in ("rows", "more")]}


def through_engine(values: Any) -> Any:
    """Give what comes back of values from the engine: it counts with floats and takes nulls out of objects."""
    if isinstance(values, dict):
        return {key: through_engine(item) for key, item in values.items() if item is not None}
    if isinstance(values, list):
        return [through_engine(item) for item in values]
    return float(values) if isinstance(values, int) and not isinstance(values, bool) else values


@pytest.fixture
def deployment(world: World) -> Managed:
    """A deployment that runs with three rows."""
    managed = world.manage(DeploymentResource())
    managed.up(program(world))
    return managed


def program(world: World) -> Any:
    """Give the program of the deployment."""
    if not world.press.state()["specs"]:
        world.publish(parameters=DECLARED)
    spec = world.press.state()["specs"][0]["id"]
    return {"metadata": {"name": "etl"}, "spec": {"id": spec}, "parameters": {"run": {"rows": [{"n": 3}]}}}


def refreshed(deployment: Managed) -> Any:
    """Refresh, and give the run parameters that the state then holds, as they come back from the engine."""
    assert deployment.refresh()
    deployment.outputs = from_engine(through_engine(to_engine(deployment.outputs)))
    deployment.inputs = from_engine(through_engine(to_engine(deployment.inputs)))
    return get(deployment.inputs, "parameters.run")


@pytest.mark.parametrize("value", LOST, ids=repr)
def test_drift_to_a_value_that_pulumi_cannot_hold_shows_and_is_put_right(
    world: World, deployment: Managed, value: Any
) -> None:
    """The state holds a text that says what is there; the next `up` sends the program's value and nothing else."""
    world.client.patch_parameters(deployment.id, {"rows": [{"n": value}], "more": [{"n": value}]})

    found = refreshed(deployment)

    assert found == {"rows": carry([{"n": value}]), "more": carry([{"n": value}])}
    assert is_shown(found["rows"])
    shown = {leaf for change in deployment.preview(program(world)).changes for leaf in change.paths}
    assert shown >= {"parameters.run.rows", "parameters.run.more"}
    world.calls()
    deployment.up(program(world))
    sent = [call["body"] for call in world.calls() if call["method"] != "GET"]
    assert "Pulumi cannot hold" not in str(sent)
    assert world.press.state()["deployments"][0]["revisions"][-1]["parameters"]["run"]["rows"] == [{"n": 3}]


@pytest.mark.parametrize("value", KEPT, ids=repr)
def test_drift_to_any_other_value_is_held_as_it_is(world: World, deployment: Managed, value: Any) -> None:
    """To the last digit, in any script."""
    world.client.patch_parameters(deployment.id, {"rows": [{"n": value}]})

    assert repr(refreshed(deployment)) == repr({"rows": [{"n": value}]})


@pytest.mark.parametrize("value", [LOST[0], LOST[2], LOST[4]], ids=repr)
def test_default_that_pulumi_cannot_hold_is_never_sent_as_a_text(world: World, value: Any) -> None:
    """A text stands for it in the outputs of a spec that is only read; no patch goes back to that."""
    declared = {"run": [{**DECLARED["run"][0], "defaultValue": [value]}, DECLARED["run"][1]]}
    spec_id = world.publish("with-default", parameters=declared)
    spec = world.manage(SpecResource())
    spec.id = spec_id
    assert spec.refresh()
    assert get(spec.outputs, "parameters.run")[0]["defaultValue"] == carry([value])
    given = {**program(world), "spec": {"id": spec_id, "release": {"version": "1.0.0"}}}
    deployment = world.manage(DeploymentResource())
    deployment.up(given)
    world.calls()

    deployment.up(put(given, "parameters", None))

    sent = [call["body"] for call in world.calls() if call["method"] != "GET"]
    assert sent
    assert "Pulumi cannot hold" not in str(sent)


@pytest.mark.parametrize("value", LOST, ids=repr)
def test_any_output_reaches_the_engine(value: Any) -> None:
    """Wherever the service has it, what the engine could not keep becomes a text; the rest stays."""
    written = to_engine({"config": {"steps": {"a": {"deep": [value]}}, "b": "c"}})

    assert written["config"]["b"] == "c"
    if "None" not in repr(value) and value != 0:
        assert "Pulumi cannot hold this value" in str(written["config"]["steps"])


def test_large_floats_stay_floats() -> None:
    """Written as a whole number they would have digits that nobody gave."""
    values = {"a": 1e300, "b": 2.0**53, "c": -1e16, "d": 3.0}

    assert repr(normalize(values)) == "{'a': 1e+300, 'b': 9007199254740992, 'c': -1e+16, 'd': 3}"
    assert make_whole(1e22) == 1e22
