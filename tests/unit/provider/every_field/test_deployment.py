"""Every input of a `BlockDeployment`: what a change of it does, from the first preview to the last delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.fields import Effect
from tests.unit.provider.every_field.conftest import ignore_changes, ignored_paths, value_at

if TYPE_CHECKING:
    from tests.unit.provider.conftest import World
    from tests.unit.provider.every_field.conftest import Case

ONLY = {"test_drift": ("metadata", "spec.release", "parameters.run", "revision")}
"""Paths of the inputs that the service tells and lets anybody change."""

RESOURCE = "BlockDeployment"

EFFECTS = {
    "metadata": Effect.PATCH,
    "spec.id": Effect.REPLACE,
    "spec.release": Effect.REVISION,
    "parameters.build": Effect.REVISION,
    "parameters.run": Effect.PARAMETERS,
    "revision.notes": Effect.REVISION,
    "triggers": Effect.REVISION,
    "timeouts": Effect.NONE,
    "adopt": Effect.NONE,
}
"""What the design says of each argument."""

OTHERS: dict[str, dict[str, Any]] = {
    "metadata": {"description": "Once more"},
    "triggers": {"other": 1},
    "parameters": {"run": {"rows": 30}, "build": {"size": 1}},
}
"""Other changes: in place, by a revision, and in the run parameters."""

DECLARED = {
    "build": [{"name": "size", "type": "number", "required": True}],
    "run": [
        {"name": "rows", "type": "number", "required": True},
        {"name": "mode", "type": "string", "required": False, "defaultValue": "fast"},
        {"name": "dry", "type": "boolean", "required": False},
        {"name": "labels", "type": "string_array", "required": False},
        {"name": "table", "type": "object", "required": False},
    ],
}


def test_change(case: Case, world: World) -> None:
    """A change of one input is previewed as that alone, does what is declared, leaves no drift and is cleaned up."""
    before, after = made(case, world)
    deployment = world.manage(DeploymentResource())
    deployment.check(before)
    world.calls()

    deployment.up(before)
    identity = deployment.id
    assert deployment.preview(before).changes == ()
    assert world.writes() == ["POST /v1/blocks/deployments/"]

    effect = effect_of(case.at)
    follows = {"revision_number": Effect.NONE} if effect is Effect.REVISION else {}
    diff = deployment.preview(after)
    assert {leaf: change.field.effect for change in diff.changes for leaf in change.paths} == {
        case.at: effect,
        **follows,
    }
    assert diff.replaces == ((case.at,) if effect is Effect.REPLACE else ())
    deployment.check(after)
    world.calls()

    deployment.up(after)
    # With the argument `adopt`, what has a new deployment's name is looked for.
    sent = [call for call in world.sent() if call != "GET /v1/blocks/deployments/"]
    assert sent == declared_calls(effect, identity)
    assert deployment.outputs["revision_number"] == (2 if effect is Effect.REVISION else 1)

    as_written = deployment.inputs
    assert deployment.refresh()
    assert deployment.inputs == as_written
    assert deployment.preview(after).changes == ()

    deployment.destroy()
    assert world.press.state()["deployments"] == []


def test_ignored(case: Case, world: World) -> None:
    """With `ignore_changes` of an input, or of what it is in, the next other change goes through with the old value."""
    before, after = made(case, world)
    for path in ignored_paths(case):
        deployment = world.manage(DeploymentResource())
        deployment.up(before)
        assert deployment.preview(ignore_changes(path, deployment.inputs, after)).changes == ()
        old = value_at(path, deployment.inputs)

        program = after
        for name, value in OTHERS.items():
            if not path.startswith(name):
                program = {**program, name: {**program[name], **value}}
                diff = deployment.up(ignore_changes(path, deployment.inputs, program))
                assert {change.field.path.partition(".")[0] for change in diff.changes} - {"revision_number"} == {name}
                assert value_at(path, deployment.inputs) == old
        deployment.destroy()


def test_drift(case: Case, world: World) -> None:
    """What somebody changed on the service shows as that alone, and `up` puts it back with one call."""
    before, after = made(case, world)
    deployment = world.manage(DeploymentResource())
    deployment.up(before)
    is_revision = effect_of(case.at) is Effect.REVISION
    tamper(world, deployment.id, case.at, after)

    assert deployment.refresh()
    follows = {"revision_number", "drift"} if is_revision else set()
    assert {leaf for change in deployment.preview(before).changes for leaf in change.paths} == {case.at, *follows}

    world.calls()
    deployment.up(before)
    assert world.sent() == declared_calls(effect_of(case.at), deployment.id)
    assert deployment.refresh()
    assert deployment.preview(before).changes == ()
    assert deployment.outputs["revision_number"] == (3 if is_revision else 1)


def test_no_field_is_left_out(untried: set[str]) -> None:
    """The table changes every field that the schema declares."""
    assert untried == set()


def made(case: Case, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Publish the specs that the programs name, and give both programs with their ids."""
    names = dict.fromkeys(program["spec"]["id"] for program in (case.before, case.after))
    ids = {name: world.publish(name, "1.0.0", "1.1.0", "1.2.0", parameters=DECLARED) for name in names}
    before, after = (
        {**program, "spec": {**program["spec"], "id": ids[program["spec"]["id"]]}}
        for program in (case.before, case.after)
    )
    return before, after


def effect_of(leaf: str) -> Effect:
    """Give the effect that the design declares."""
    (effect,) = (effect for path, effect in EFFECTS.items() if leaf.startswith(path))
    return effect


def declared_calls(effect: Effect, identity: str) -> list[str]:
    """Give the calls that an effect stands for."""
    mine = f"/v1/blocks/deployments/{identity}"
    return {
        Effect.REPLACE: [f"DELETE {mine}", f"GET {mine}", "POST /v1/blocks/deployments/"],
        Effect.PATCH: [f"PATCH {mine}"],
        # Whether that makes a revision is for the service to say, so it is asked.
        Effect.PARAMETERS: [f"PATCH /v1/deployments/{identity}/parameters/run", f"GET {mine}"],
        Effect.REVISION: [f"POST {mine}/revisions"],
    }.get(effect, [])


def tamper(world: World, identity: str, leaf: str, after: dict[str, Any]) -> None:
    """Make the change behind the provider's back."""
    argument, _, name = leaf.partition("[")[0].partition(".")
    if argument == "metadata":
        world.client.update_deployment_metadata(identity, {name: after["metadata"][name]})
    elif argument == "parameters":
        name = name.split(".")[1]
        world.client.patch_parameters(identity, {name: after["parameters"]["run"][name]})
    else:
        body = {"release": after["spec"]["release"], "revision": after["revision"], "parameters": after["parameters"]}
        world.client.create_deployment_revision(identity, body)
