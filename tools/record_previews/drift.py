"""Scenarios with changes outside the stack, and with failed rollouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.record_previews.effects import COMMAND, SHOP_FILES
from tools.record_previews.scenario import DRIFT_ONLY, REFRESH, Scenario, Stage

if TYPE_CHECKING:
    from pulumi_press.client.client import Client
    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule
    from tools.record_previews.scenario import Behind

FAILS: OutcomeRule = {
    "deployment": "etl-prod",
    "status": "failed",
    "times": 1,
    "errors": [{"code": 500, "message": "The image cannot be pulled"}],
}


def find(state: dict[str, Any], kind: str, name: str) -> str:
    """Return the id of the spec or deployment of that name."""
    return next(str(item["id"]) for item in state[kind] if item["metadata"]["name"] == name)


def edit_metadata(client: Client, state: dict[str, Any]) -> None:
    """Edit the texts of a spec and a deployment, and the spec's scope."""
    client.update_spec_metadata(
        find(state, "specs", "etl"), {"metadata": {"title": "Edited by hand"}, "scope": "public"}
    )
    client.update_deployment_metadata(find(state, "deployments", "etl-prod"), {"summary": "Edited by hand"})


def edit_parameters(client: Client, state: dict[str, Any]) -> None:
    """Edit run parameters."""
    client.patch_parameters(find(state, "deployments", "etl-prod"), {"aggregation": "MAX", "rows": 1})


def revise(client: Client, state: dict[str, Any]) -> None:
    """Make a revision."""
    client.create_deployment_revision(find(state, "deployments", "etl-prod"), {"revision": {"notes": "By hand"}})


def delete_deployment(client: Client, state: dict[str, Any]) -> None:
    """Delete a deployment."""
    client.delete_deployment(find(state, "deployments", "forecast-prod"))


def release(client: Client, state: dict[str, Any]) -> None:
    """Publish a release."""
    client.create_spec_release(
        find(state, "specs", "model"),
        {"release": {"version": "1.5.0"}, "config": {"serviceType": "api", "imageDetails": {"id": 44}}},
    )


def edit_and_delete(client: Client, state: dict[str, Any]) -> None:
    """Edit the run parameters of one deployment, and delete the other."""
    edit_parameters(client, state)
    delete_deployment(client, state)


def drift(name: str, what: str, behind: Behind, *more: Scenario) -> Stage:
    """Return a stage of the shop with a change outside the stack before `pulumi preview --refresh`."""
    return Stage("shop", (Scenario(name, what, behind=behind, command=REFRESH), *more), files=SHOP_FILES)


STAGES = (
    drift(
        "drift-metadata",
        "Somebody edited metadata and scope",
        edit_metadata,
        Scenario("drift-refresh-only", "The same, by `pulumi refresh --preview-only`", command=DRIFT_ONLY),
        Scenario("drift-and-change", "The same, and the program changes a step's command", (COMMAND,), command=REFRESH),
    ),
    drift("drift-parameters", "Somebody edited run parameters", edit_parameters),
    drift("drift-revision", "Somebody made a revision", revise),
    drift("drift-deleted", "Somebody deleted a deployment", delete_deployment),
    drift(
        "drift-many",
        "Somebody edited run parameters of one deployment, and deleted the other",
        edit_and_delete,
    ),
    Stage(
        "unknown",
        (
            Scenario(
                "drift-release",
                "Somebody published a release that a deployment follows",
                behind=release,
                command=REFRESH,
            ),
        ),
    ),
    Stage("shop", (Scenario("drift-none", "Nothing was edited", command=REFRESH),), files=SHOP_FILES),
    Stage(
        "shop",
        (
            Scenario("failed-rollout", "The last `pulumi up` ended with a failed rollout"),
            Scenario("failed-rollout-refresh", "The same, with `--refresh`", command=REFRESH),
        ),
        files=SHOP_FILES,
        outcomes=(FAILS,),
    ),
)
