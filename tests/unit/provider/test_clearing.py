"""What a program no longer says is taken back on the service, and can be said again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import get, put

if TYPE_CHECKING:
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

TEXTS: dict[str, Any] = {
    "title": "Orders",
    "summary": "Loads orders",
    "description": "Every *day*.",
    "descriptionContentType": "text/markdown",
    "imageUrl": "https://example.org/one.png",
    "tags": [{"name": "daily"}],
}

DECLARED: dict[str, Any] = {
    "build": [{"name": "size", "type": "number", "required": False, "defaultValue": 1}],
    "run": [
        {"name": "rows", "type": "number", "required": False, "defaultValue": 1},
        {"name": "mode", "type": "string", "required": False, "defaultValue": "fast"},
        {"name": "dry", "type": "boolean", "required": False, "defaultValue": False},
        {"name": "labels", "type": "string_array", "required": False, "defaultValue": []},
    ],
}

SPEC: dict[str, Any] = {
    "version": "1",
    "kind": "workflow",
    "metadata": {"name": "etl", **TEXTS},
    "release": {"notes": "First"},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
    "artifact": {"path": str(Path(__file__).parent / "every_field/files/first")},
    "parameters": DECLARED,
    "featured": True,
    "scope": "shared",
    "tenants": ["north"],
    "auto_run_on_deploy": True,
}

DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "etl-prod", **TEXTS},
    "spec": {"release": {"version": "1.0.0"}},
    "parameters": {"build": {"size": 2}, "run": {"rows": 2, "mode": "slow", "dry": True, "labels": ["one"]}},
    "revision": {"notes": "First"},
    "triggers": {"image": "one"},
    "timeouts": {"create": "30m", "update": "30m", "delete": "30m"},
}

PATCH, RELEASE = "PATCH /v1/blocks/specs/{id}", "POST /v1/blocks/specs/{id}/releases"


@pytest.mark.parametrize(
    ("path", "calls"),
    [
        ("version", []),
        *((f"metadata.{text}", [PATCH]) for text in TEXTS if text != "summary"),
        ("featured", [PATCH]),
        ("scope", [PATCH]),
        ("tenants", [PATCH]),
        ("release.notes", [RELEASE]),
        ("artifact", [RELEASE]),
        ("parameters.run", [RELEASE]),
        ("parameters", [RELEASE]),
        ("auto_run_on_deploy", [RELEASE]),
    ],
)
def test_spec_input_is_taken_back(path: str, calls: list[str], world: World) -> None:
    """An input of a spec that is left out again goes back to its default, and is no drift after that."""
    go_without(world, world.manage(SpecResource()), SPEC, path, calls)


PATCH_TEXT = "PATCH /v1/blocks/deployments/{id}"
PATCH_RUN = "PATCH /v1/deployments/{id}/parameters/run"
REVISION = "POST /v1/blocks/deployments/{id}/revisions"


@pytest.mark.parametrize(
    ("path", "calls"),
    [
        *((f"metadata.{text}", [PATCH_TEXT]) for text in TEXTS),
        ("spec.release", [REVISION]),
        *((f"parameters.run.{name}", [PATCH_RUN]) for name in DEPLOYMENT["parameters"]["run"]),
        ("parameters.run", [PATCH_RUN]),
        ("parameters.build", [REVISION]),
        ("parameters", [REVISION]),
        ("revision", [REVISION]),
        ("triggers", [REVISION]),
        ("timeouts", []),
        ("timeouts.delete", []),
    ],
)
def test_deployment_input_is_taken_back(path: str, calls: list[str], world: World) -> None:
    """An input of a deployment that is left out again goes back to its default, and is no drift after that."""
    program = put(DEPLOYMENT, "spec.id", world.publish(parameters=DECLARED))
    go_without(world, world.manage(DeploymentResource()), program, path, calls)


def go_without(world: World, resource: Managed, program: dict[str, Any], path: str, calls: list[str]) -> None:
    """Leave an input out, and say it again."""
    resource.up(program)
    for changed in (put(program, path, None), program):
        diff = resource.preview(changed)
        leaves = [leaf for change in diff.changes for leaf in change.paths if not change.field.computed]
        assert leaves
        assert all(leaf.startswith(path) or leaf == "release.version" for leaf in leaves)
        world.calls()

        resource.up(changed)
        assert [call.format(id=resource.id) for call in calls] == world.writes()
        assert resource.refresh()
        assert resource.preview(changed).changes == ()
        for group in ("build", "run"):
            assert effective(changed, group) == stored(world, group)


def effective(program: dict[str, Any], group: str) -> dict[str, Any]:
    """Give the parameters that a deployment is to run with; none for a spec."""
    if "spec" not in program:
        return {}
    defaults = {item["name"]: item["defaultValue"] for item in DECLARED[group]} if group == "run" else {}
    return {**defaults, **(get(program, f"parameters.{group}") or {})}


def stored(world: World, group: str) -> dict[str, Any]:
    """Give the parameters that the service has for the newest revision; none where nothing is deployed."""
    deployments = world.press.state()["deployments"]
    found: dict[str, Any] = deployments[0]["revisions"][-1]["parameters"][group] if deployments else {}
    return found
