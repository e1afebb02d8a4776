"""Pulumi's own options and commands about single resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "{name}",
    kind="service",
    metadata={{"name": "api", "summary": "{summary}", "tags": [{{"name": "{tag}"}}]}},
    config={{"imageDetails": {{"id": 1}}}},
    opts=pulumi.ResourceOptions({spec}),
)
press.BlockDeployment(
    "{name}",
    metadata={{"name": "api"}},
    spec={{"id": spec.id, "release": {{"version": spec.release_version}}}},
    triggers={{"count": {count}}},
    opts=pulumi.ResourceOptions({run}),
)
"""
UP = ("up", "--yes", "--skip-preview")


def write(stack: Stack, **changes: object) -> None:
    """Write the program with changes."""
    first: dict[str, Any] = {"name": "api", "summary": "x", "tag": "old", "count": 1, "spec": "", "run": ""}
    stack.write(PROGRAM.format(**{**first, **changes}))


def ops(stack: Stack) -> dict[str, str]:
    """Preview; give what happens to each resource that the program declares itself."""
    return {name: step["op"] for name, step in stack.preview().items() if not name.startswith("Rollout:")}


def test_options_hold(stack: Stack) -> None:
    """What is ignored does not show, what replaces does, what is protected stays, and an alias renames."""
    write(stack)
    stack.up()

    write(stack, tag="new", count=2, spec='ignore_changes=["metadata.tags[0].name"]', run='ignore_changes=["triggers"]')
    assert stack.preview() == {}
    write(stack, tag="new", spec='ignore_changes=["metadata.tags[*].name"]')
    assert stack.preview() == {}
    write(stack, summary="y", spec='replace_on_changes=["metadata.summary"]')
    assert ops(stack) == {"BlockSpec:api": "replace", "BlockDeployment:api": "replace"}

    write(stack, spec='protect=True, additional_secret_outputs=["metadata"]', run="protect=True")
    stack.up()
    assert "cannot be deleted" in stack.run("destroy", "--yes", "--skip-preview").text
    assert len(stack.press.state()["specs"]) == len(stack.press.state()["deployments"]) == 1
    stack.succeed("state", "unprotect", "--all", "--yes")

    alias = 'aliases=[pulumi.Alias(name="api")]'
    write(stack, name="new", spec=alias, run=alias)
    stack.up()
    assert {"BlockSpec:new", "BlockDeployment:new"} <= stack.resources().keys()

    write(stack, name="new", spec="retain_on_delete=True", run="retain_on_delete=True")
    stack.up()
    stack.forget()
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert [call for call in stack.calls() if not call.startswith("GET")] == []


def test_commands_about_single_resources(stack: Stack) -> None:
    """A plan constrains, an exclusion leaves out, an error stops what depends on it, and a state may be edited."""
    write(stack)
    stack.up()

    write(stack, summary="y", count=2)
    stack.succeed("preview", "--save-plan", "plan.json")
    stack.succeed(*UP, "--plan", "plan.json")
    assert stack.preview() == {}

    write(stack, summary="z", count=3)
    stack.succeed(*UP, "--exclude", "**BlockSpec::api")
    assert ops(stack) == {"BlockSpec:api": "update"}
    stack.press.faults({"match": {"method": "PATCH"}, "times": 1, "then": {"status": 422, "detail": "not so"}})
    write(stack, summary="z", count=4)
    run = stack.run(*UP, "--continue-on-error")
    assert "not so" in run.text
    assert "BlockSpec:api" in ops(stack)
    stack.up()

    urn = stack.resources()["BlockSpec:api"]["urn"]
    stack.succeed("state", "rename", urn, "other", "--yes")
    stack.succeed("state", "rename", urn.rpartition("::")[0] + "::other", "api", "--yes")
    stack.succeed("stack", "export", "--file", "state.json")
    stack.succeed("stack", "import", "--file", "state.json")
    assert stack.preview() == {}
    stack.succeed("refresh", "--preview-only", "--expect-no-changes")
    stack.succeed("destroy", "--yes", "--skip-preview", "--exclude", "**BlockSpec::api")
    assert (len(stack.press.state()["specs"]), len(stack.press.state()["deployments"])) == (1, 0)


def test_object_is_imported_by_its_id(stack: Stack) -> None:
    """The option `import_` takes what exists into the state of the native plugin; no dynamic resource can be."""
    write(stack, spec="retain_on_delete=True", run="retain_on_delete=True")
    stack.up()
    ids = {name: item["id"] for name, item in stack.resources().items()}
    stack.succeed("destroy", "--yes", "--skip-preview")
    write(stack, spec=f'import_="{ids["BlockSpec:api"]}"', run=f'import_="{ids["BlockDeployment:api"]}"')

    if not stack.is_native:
        assert "import_ does not work with dynamic resources" in stack.fail_up()
        return
    # What does not tell of itself, such as `triggers`, is put right.
    assert stack.up().count(" imported (") == 2
    write(stack)
    assert stack.preview() == {}
    assert {name: item["id"] for name, item in stack.resources().items()} == ids
