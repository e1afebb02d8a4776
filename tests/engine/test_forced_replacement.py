"""Replacements that somebody asks for: a new object takes the place of the old one, and nothing else is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from pulumi_press.plugin.tokens import read_token
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

PROGRAM = """
spec = press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "x"}, config={"imageDetails": {"id": 1}}
)
press.BlockDeployment(
    "api-prod", metadata={"name": "api"}, spec={"id": spec.id, "release": {"version": spec.release_version}}
)
"""

BLOCK = """
press.Block(
    "api",
    spec={"kind": "service", "metadata": {"name": "api", "summary": "x"}, "config": {"imageDetails": {"id": 1}}},
    releases={"next": {"release": {"version": "1.1.0"}, "config": {"imageDetails": {"id": 2}}}},
    deployment={"metadata": {"name": "api"}},
    run="next",
)
"""


def replace(stack: Stack, *names: str) -> list[str]:
    """Replace resources by `up --replace`."""
    urns = [stack.resources()[name]["urn"] for name in names]
    return ["up", "--yes", "--skip-preview", *(word for urn in urns for word in ("--replace", urn))]


def taint(stack: Stack, *names: str) -> list[str]:
    """Mark resources to be replaced by the next `up`."""
    for name in names:
        stack.succeed("state", "taint", stack.resources()[name]["urn"], "--yes")
    return ["up", "--yes", "--skip-preview"]


def everything(stack: Stack, *names: str) -> list[str]:
    """Replace whatever has the names of these resources."""
    del stack
    patterns = [f"**::{name.partition(':')[2]}" for name in names]
    return ["up", "--yes", "--skip-preview", *(word for pattern in patterns for word in ("--replace", pattern))]


def live(stack: Stack) -> dict[str, str]:
    """Give the ids of what is there, by kind and name."""
    state = stack.press.state()
    found = {f"BlockSpec:{item['metadata']['name']}": item["id"] for item in state["specs"]}
    return {**found, **{f"BlockDeployment:{item['metadata']['name']}": item["id"] for item in state["deployments"]}}


def held(stack: Stack) -> dict[str, list[str]]:
    """Give the ids in the state, by kind, old entries that wait to be deleted included."""
    found: dict[str, list[str]] = {}
    for item in stack.export()["resources"]:
        if read_token(item["type"]) is not None:
            found.setdefault(item["type"].rpartition(":")[2], []).append(item["id"])
    return found


class Replaced(NamedTuple):
    """What is to be replaced in a program."""

    program: str
    names: list[str]
    renewed: set[str]
    """The objects that are new afterwards."""


WHOLE = {"BlockSpec:api", "BlockDeployment:api"}
REPLACED = {
    "deployment": Replaced(PROGRAM, ["BlockDeployment:api-prod"], {"BlockDeployment:api"}),
    "spec": Replaced(PROGRAM, ["BlockSpec:api"], WHOLE),
    "block": Replaced(BLOCK, sorted(WHOLE), WHOLE),
}
ASKS = {ask.__name__: ask for ask in (replace, taint, everything)}
ONCE = list(zip(ASKS, REPLACED, strict=True))
"""Each way to ask and each thing to replace, once: that is enough for the second way of a program."""


@both_ways
@pytest.mark.parametrize(("ask", "what"), ONCE)
def test_replacement_on_request_makes_a_new_object(ask: str, what: str, stack: Stack) -> None:
    """The old object is deleted, a new one is made, and the state holds what is there, once."""
    check_replacement(ASKS[ask], REPLACED[what], stack)


@pytest.mark.parametrize(("ask", "what"), [(ask, what) for ask in ASKS for what in REPLACED if (ask, what) not in ONCE])
def test_replacement_in_every_way_makes_a_new_object(ask: str, what: str, stack: Stack) -> None:
    """So it is for whatever is asked for in whichever way."""
    check_replacement(ASKS[ask], REPLACED[what], stack)


def check_replacement(ask: Callable[..., list[str]], replaced: Replaced, stack: Stack) -> None:
    """Bring a program up, replace, and look at what is there."""
    stack.write(replaced.program)
    stack.up()
    before = live(stack)

    stack.succeed(*ask(stack, *replaced.names))

    after = live(stack)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == replaced.renewed
    assert held(stack)["BlockSpec"] == [after["BlockSpec:api"]]
    assert held(stack)["BlockDeployment"] == [after["BlockDeployment:api"]]
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert live(stack) == {}


@both_ways
@pytest.mark.parametrize(("key", "value"), [("press:validate", "server"), ("press:adopt", "identical")])
def test_block_does_not_stand_in_the_way_of_its_own_replacement(key: str, value: str, stack: Stack) -> None:
    """Where a preview looks for taken names, what is replaced is no other's, also where the program changed."""
    stack.write(PROGRAM)
    stack.up()
    before = live(stack)
    stack.succeed("config", "set", key, value)
    stack.write(PROGRAM.replace('"x"', '"y"'))

    printed = stack.succeed("up", "--yes", "--replace", "**::api")

    assert "take over" not in printed
    assert live(stack).keys() == before.keys()
    assert not set(live(stack).values()) & set(before.values())


@both_ways
def test_replacement_that_fails_halfway_is_finished_by_the_next_up(stack: Stack) -> None:
    """Where the new object cannot be made, the next `up` makes it; what lives then is what the state holds."""
    stack.write(PROGRAM)
    stack.up()
    stack.press.faults({"match": {"method": "POST", "path": "/v1/blocks/deployments/"}, "then": {"status": 403}})

    stack.run(*replace(stack, "BlockDeployment:api-prod"))
    stack.press.clear_faults()
    stack.up()
    stack.up()

    assert held(stack)["BlockDeployment"] == [live(stack)["BlockDeployment:api"]]
    assert stack.preview() == {}


@both_ways
def test_replacement_because_of_another_makes_a_new_object(stack: Stack) -> None:
    """`replace_with` replaces a spec together with another resource."""
    program = """
trigger = pulumi.Config().get("wave") or "1"
class Wave(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        return pulumi.dynamic.CreateResult(props["wave"], props)
    def diff(self, id_, olds, news):
        return pulumi.dynamic.DiffResult(replaces=["wave"] if olds["wave"] != news["wave"] else [])
class Waves(pulumi.dynamic.Resource):
    pass
wave = Waves(Wave(), "wave", {"wave": trigger})
press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "x"}, config={"imageDetails": {"id": 1}},
    opts=pulumi.ResourceOptions(replace_with=[wave]),
)
"""
    stack.write(program)
    stack.up()
    before = live(stack)
    stack.succeed("config", "set", "wave", "2")

    stack.up()

    assert live(stack).keys() == before.keys()
    assert live(stack) != before
    assert held(stack)["BlockSpec"] == [live(stack)["BlockSpec:api"]]


@both_ways
def test_failed_deployment_is_made_anew(stack: Stack) -> None:
    """A deployment that the platform gave up is replaced by one that lives."""
    stack.press.outcomes({"status": "platform_resource_error", "times": 1})
    stack.write(PROGRAM)
    stack.fail_up()
    before = live(stack)

    stack.succeed(*replace(stack, "BlockDeployment:api-prod"))

    assert live(stack)["BlockDeployment:api"] != before["BlockDeployment:api"]
    assert stack.preview() == {}


@both_ways
@pytest.mark.parametrize("marks", ["none", "owner"])
def test_live_object_outlives_a_replacement_in_the_other_order(marks: str, stack: Stack) -> None:
    """Where the program wants the new object first, which cannot be, the one that the state holds stays alive."""
    stack.succeed("config", "set", "press:marks", marks)
    options = "opts=pulumi.ResourceOptions(delete_before_replace=False)"
    stack.write(
        f"""
spec = press.BlockSpec(
    "api", kind="service", metadata={{"name": "api", "summary": "x"}}, config={{"imageDetails": {{"id": 1}}}}, {options}
)
"""
    )
    stack.up()

    stack.run(*replace(stack, "BlockSpec:api"))
    stack.run(*replace(stack, "BlockSpec:api"))
    stack.up()

    assert held(stack)["BlockSpec"] == [live(stack)["BlockSpec:api"]]
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert live(stack) == {}
