"""Blocks that exist already: taken over, or refused with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.client import Client
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

METADATA = {"name": "api", "summary": "An API"}
CONFIG = {"serviceType": "api", "imageDetails": {"id": 1}}

PROGRAM = """
spec = press.BlockSpec(
    "api", kind="service", metadata={{"name": "api", "summary": "{summary}"}},
    config={{"serviceType": "api", "imageDetails": {{"id": {image}}}}}, {more}
)
run = press.BlockDeployment(
    "api", metadata={{"name": "api"}}, spec={{"id": spec.id, "release": {{"version": spec.release_version}}}}, {more}
)
pulumi.export("spec", spec.id)
pulumi.export("deployment", run.id)
pulumi.export("version", spec.release_version)
"""


@pytest.fixture
def existing(stack: Stack) -> tuple[str, str]:
    """The ids of a spec and a deployment that somebody made by hand."""
    with Client(stack.press.url, stack.press.token) as client:
        body = {
            "version": 1,
            "kind": "service",
            "metadata": METADATA,
            "release": {"version": "1.0.0"},
            "config": CONFIG,
        }
        spec = client.create_spec(body)["id"]
        deployment = client.create_deployment(
            {"metadata": {"name": "api"}, "spec": {"id": spec, "release": {"version": "1.0.0"}}}
        )["id"]
    return spec, deployment


def test_blocks_that_exist_are_refused_with_the_remedies(stack: Stack, existing: tuple[str, str]) -> None:
    """By default nothing that exists is taken over, be it identical; the message has its id and says what to do."""
    stack.write(PROGRAM.format(summary="An API", image=1, more=""))

    printed = stack.fail_up()

    assert f"metadata.name: a service named 'api' exists already as {existing[0]} and press:adopt is never" in printed
    for remedy in ("aliases=", f"`pulumi-press import spec <resource name> {existing[0]}`", "set press:adopt to"):
        assert remedy in printed
    assert "Traceback" not in printed
    assert stack.resources() == {}


def test_identical_blocks_are_taken_over(stack: Stack, existing: tuple[str, str]) -> None:
    """Where a setting allows it, what exists exactly as declared is taken over, as the preview says."""
    stack.succeed("config", "set", "press:adopt", "identical")
    stack.write(PROGRAM.format(summary="An API", image=1, more=""))

    foreseen = stack.succeed("preview")
    printed = stack.up()

    assert f"will take over spec api ({existing[0]})" in foreseen
    assert "exists already as" in printed
    assert (stack.outputs()["spec"], stack.outputs()["deployment"]) == existing
    assert stack.preview() == {}
    state = stack.press.state()
    assert (len(state["specs"]), len(state["specs"][0]["releases"]), len(state["deployments"])) == (1, 1, 1)


def test_different_blocks_are_refused_in_the_preview(stack: Stack, existing: tuple[str, str]) -> None:
    """Where only what is identical is taken over, other values are refused before anything is sent."""
    stack.succeed("config", "set", "press:adopt", "identical")
    stack.write(PROGRAM.format(summary="Another API", image=1, more=""))
    stack.forget()

    run = stack.run("preview")

    assert run.code != 0
    assert f"metadata.name: a service named 'api' exists already as {existing[0]} and differs" in run.text
    assert "set press:adopt to always" in run.text
    assert all(call.startswith("GET") for call in stack.calls())


def test_never_refuses_identical_blocks(stack: Stack, existing: tuple[str, str]) -> None:
    """With `adopt` never, even an identical block is refused, whatever the setting."""
    stack.succeed("config", "set", "press:adopt", "always")
    stack.write(PROGRAM.format(summary="An API", image=1, more='adopt="never"'))

    assert f"exists already as {existing[0]} and press:adopt is never" in stack.fail_up()


def test_always_takes_over_and_updates(stack: Stack, existing: tuple[str, str]) -> None:
    """With `adopt` always, metadata is put right in place, and other content is published as the next version."""
    more = 'adopt="always"'
    stack.write(PROGRAM.format(summary="Another API", image=2, more=more))

    steps = stack.preview()
    stack.up()

    assert steps["BlockSpec:api"]["newState"]["inputs"]["release"] == {"version": "1.0.1"}
    assert (stack.outputs()["spec"], stack.outputs()["deployment"]) == existing
    assert stack.outputs()["version"] == "1.0.1"
    (spec,) = stack.press.state()["specs"]
    assert spec["metadata"]["summary"] == "Another API"
    assert stack.preview() == {}


def test_version_of_a_spec_taken_over_is_kept(stack: Stack, existing: tuple[str, str]) -> None:
    """A spec at a later version than a first one keeps it through changes of its metadata, and so does what runs it."""
    with Client(stack.press.url, stack.press.token) as client:
        client.create_spec_release(existing[0], {"release": {"version": "1.0.3"}, "config": CONFIG})
        client.create_deployment_revision(existing[1], {"release": {"version": "1.0.3"}})
    stack.succeed("config", "set", "press:adopt", "always")
    stack.write(PROGRAM.format(summary="An API", image=1, more=""))
    stack.up()
    stack.write(PROGRAM.format(summary="A better API", image=1, more=""))

    steps = stack.preview()
    stack.up()

    assert steps.keys() == {"BlockSpec:api"}
    assert stack.outputs()["version"] == "1.0.3"
    (deployment,) = stack.press.state()["deployments"]
    assert len(deployment["revisions"]) == 2
    assert stack.preview() == {}


def test_get_reads_without_managing(stack: Stack, existing: tuple[str, str]) -> None:
    """`get` reads what exists, and a destroy leaves it there."""
    spec, deployment = existing
    stack.write(f"""
spec = press.BlockSpec.get("api", "{spec}")
release = press.BlockSpecRelease.get("api-1", "{spec}/1.0.0")
run = press.BlockDeployment.get("api", "{deployment}")
pulumi.export("name", spec.metadata["name"])
pulumi.export("version", spec.release_version)
pulumi.export("image", release.config["imageDetails"]["id"])
pulumi.export("runs", run.spec["release"]["version"])
pulumi.export("revision", run.revision_number)
""")

    stack.up()

    assert stack.outputs() == {"name": "api", "version": "1.0.0", "image": 1, "runs": "1.0.0", "revision": 1}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert len(stack.press.state()["deployments"]) == 1


def test_get_of_nothing_fails(stack: Stack) -> None:
    """`get` of an id that the service does not know fails and names it."""
    stack.write('press.BlockSpec.get("api", "7f1e7d6e-0000-4000-8000-000000000000")')

    assert "there is no spec with the id 7f1e7d6e-0000-4000-8000-000000000000" in stack.fail_up()
