"""One object, one resource: renaming, replacing and declaring twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

SPEC = """
{var} = press.BlockSpec(
    "{name}", kind="service", metadata={{"name": "api", "summary": "x"}}, config={{"imageDetails": {{"id": 1}}}}
)
"""
RUN = """
press.BlockDeployment("{name}", metadata={{"name": "api"}}, spec={{"id": spec.id, "release": {{"version": "1.0.0"}}}})
"""


def test_renamed_resources_keep_their_blocks(stack: Stack) -> None:
    """A resource that is renamed without an alias takes its block over where it may, and nothing is deleted."""
    stack.succeed("config", "set", "press:adopt", "identical")
    stack.write(SPEC.format(var="spec", name="old") + RUN.format(name="old"))
    stack.up()
    before = stack.press.state()
    stack.write(SPEC.format(var="spec", name="new") + RUN.format(name="new"))

    printed = stack.up()

    assert "was taken over by another resource; it is only removed from the state" in printed
    assert [item["id"] for item in stack.press.state()["specs"]] == [item["id"] for item in before["specs"]]
    assert [item["id"] for item in stack.press.state()["deployments"]] == [item["id"] for item in before["deployments"]]
    assert stack.preview() == {}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert (stack.press.state()["specs"], stack.press.state()["deployments"]) == ([], [])


def test_one_block_is_not_declared_twice(stack: Stack) -> None:
    """A second resource for the same block is refused, in the same `up` and in a later one."""
    stack.write(SPEC.format(var="spec", name="one"))
    stack.up()
    stack.write(SPEC.format(var="spec", name="one") + SPEC.format(var="other", name="two"))

    printed = stack.fail_up()

    assert "is managed by the resource 'one' of this program already" in printed
    assert "BlockSpec:two" not in stack.resources()


def test_replacement_on_request_leaves_one_object(stack: Stack) -> None:
    """`up --replace` ends with one spec and one deployment, and the state names them."""
    stack.write(SPEC.format(var="spec", name="api") + RUN.format(name="api"))
    stack.up()
    urn = stack.resources()["BlockDeployment:api"]["urn"]

    stack.succeed("up", "--yes", "--skip-preview", "--replace", urn)

    (deployment,) = stack.press.state()["deployments"]
    assert stack.resources()["BlockDeployment:api"]["id"] == deployment["id"]
    assert stack.preview() == {}
