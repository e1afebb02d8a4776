"""Block deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pulumi_press.emulator import rollouts
from pulumi_press.emulator.answers import DeploymentStatus
from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.emulator.names import refuse_taken
from pulumi_press.emulator.queries import Listing, Page
from pulumi_press.emulator.releases import find_release, latest_release
from pulumi_press.emulator.revisions import (
    Content,
    add_revision,
    current_revision,
    newest_revision,
    release_of,
    show_item,
    show_parameters,
    show_resources,
)
from pulumi_press.emulator.texts import keep_texts, merge, show_metadata, unchanged
from pulumi_press.emulator.values import Declared
from pulumi_press.emulator.visibility import own_deployment, visible_spec
from pulumi_press.schema.bodies import DeploymentBody, DeploymentPatch
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.press import Press

__all__ = [
    "create_deployment",
    "delete_deployment",
    "describe_deployment",
    "execute_resources",
    "list_deployments",
    "redeploy",
    "update_deployment_metadata",
]

STATUSES: tuple[str, ...] = get_args(DeploymentStatus)
REDEPLOYED = ("failed", "warning")
TITLE = "json_extract(texts, '$.title')"

DEPLOYMENTS = Listing(
    table="deployments",
    items="deployments",
    total="deploymentCount",
    choices={"status": ("status", STATUSES)},
    prefixes={"name": "name", "title": TITLE},
    sorts={"createdAt": "created_at", "createdBy": "created_by", "name": "name", "title": TITLE},
)


def create_deployment(press: Press, call: Call) -> dict[str, Any]:
    """Deploy a visible spec: store the deployment with its first revision, and begin the rollout."""
    db, body = press.store.db, call.body
    mistakes = validate(DeploymentBody, body)
    if mistakes:
        raise Mistaken(mistakes)
    spec = visible_spec(db, call.tenant, body["spec"]["id"], press.assumptions)
    if spec["status"] != "available" and press.assumptions.archived_spec == "refuse":
        raise Refusal(422, f"spec.id: the block spec is {spec['status']}")
    release = find_release(db, spec["id"], body["spec"].get("release", {}).get("version"))
    build, run = (body.get("parameters", {}).get(group, {}) for group in ("build", "run"))
    mistakes = Declared(release).check(build, run)
    if mistakes:
        raise Mistaken(mistakes)
    metadata, deployment_id = body["metadata"], press.ids.new()
    refuse_taken(press, "deployments", call.tenant, spec["kind"], metadata["name"])
    press.store.insert(
        "deployments",
        id=deployment_id,
        tenant=call.tenant,
        kind=spec["kind"],
        name=metadata["name"],
        status="deploying",
        texts=keep_texts(metadata),
        spec_id=spec["id"],
        resource_id=press.ids.new(),
        created_at=call.at,
        created_by=call.user,
        updated_at=call.at,
        updated_by=call.user,
    )
    deployment = own_deployment(db, call.tenant, deployment_id)
    content = Content(release, body.get("revision", {}).get("notes"), build, run)
    add_revision(press, call, deployment, 1, content)
    return {"id": deployment_id}


def list_deployments(press: Press, call: Call) -> dict[str, Any]:
    """List the deployments of the caller's tenant."""
    page = Page.of(DEPLOYMENTS, call.query, press.assumptions, where="tenant = ?", values=(call.tenant,))
    return page.read(press.store.db, lambda row: _show(press, row))


def describe_deployment(press: Press, call: Call) -> dict[str, Any]:
    """Describe an own deployment with its newest revision."""
    db = press.store.db
    deployment = own_deployment(db, call.tenant, call.path["deployment_id"])
    shown = _show(press, deployment)
    newest = newest_revision(db, deployment["id"])
    shown["latestRevision"] = {"resources": show_resources(press, deployment, newest), **shown["latestRevision"]}
    shown["parameters"] = show_parameters(press, current_revision(db, deployment))
    if press.assumptions.absent_values == "null":
        shown["parent"] = None
    return shown


def update_deployment_metadata(press: Press, call: Call) -> dict[str, Any]:
    """Change the name and texts of an own deployment."""
    patch = call.body
    mistakes = validate(DeploymentPatch, patch)
    if mistakes:
        raise Mistaken(mistakes)
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    name = patch.get("name", deployment["name"])
    texts = merge(deployment["texts"], patch, press.assumptions)
    refuse_taken(press, "deployments", call.tenant, deployment["kind"], name, but=deployment["id"], at="name")
    if (name, texts) == (deployment["name"], deployment["texts"]):
        unchanged(press.assumptions)
    else:
        press.store.update(
            "deployments", deployment["id"], name=name, texts=texts, updated_at=call.at, updated_by=call.user
        )
    deployment = own_deployment(press.store.db, call.tenant, deployment["id"])
    return _show(press, deployment)


def redeploy(press: Press, call: Call) -> dict[str, Any]:
    """Roll out the newest revision of an own deployment again."""
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    if deployment["status"] not in REDEPLOYED:
        raise Refusal(409, f"Only a deployment that is failed or warning is redeployed; it is {deployment['status']}.")
    revision = newest_revision(press.store.db, deployment["id"])
    rollouts.begin_deploy(press, deployment, revision["number"], status="redeploying")
    return {"deploymentId": deployment["id"], "revision": revision["number"], "revisionId": revision["id"]}


def delete_deployment(press: Press, call: Call) -> dict[str, Any]:
    """Delete an own deployment and what it runs."""
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    status = deployment["status"]
    if status in rollouts.UNDER_WAY and status != "deleting" and press.assumptions.delete_while_deploying == "refuse":
        raise Refusal(422, f"The deployment is {status}; wait until that is over.")
    if status != "deleting":
        revision = newest_revision(press.store.db, deployment["id"])
        rollouts.begin_delete(press, deployment, revision["number"])
    return {}


def execute_resources(press: Press, call: Call) -> dict[str, Any]:
    """Run what an own deployment deployed, if its release is to run on deploy."""
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    release = release_of(press.store.db, newest_revision(press.store.db, deployment["id"]))
    execution = {
        "blockSpecId": deployment["spec_id"],
        "version": release["version"],
        "executionId": press.ids.new(),
        "status": "success",
    }
    return {"executeResponse": [execution] if release["auto_run"] else []}


def _show(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    newest = newest_revision(press.store.db, row["id"])
    return {
        "id": row["id"],
        "kind": row["kind"],
        "latestRevision": show_item(press, newest),
        "metadata": show_metadata(row, press.assumptions),
        "spec": {
            "id": row["spec_id"],
            "release": {
                "currentVersion": _current_version(press, row, newest),
                "latestVersion": latest_release(press.store.db, row["spec_id"])["version"],
            },
        },
    }


def _current_version(press: Press, deployment: sqlite3.Row, newest: sqlite3.Row) -> str:
    revision = newest
    if press.assumptions.current_version == "live" and deployment["live"] is not None:
        revision = press.store.db.execute(
            "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment["id"], deployment["live"])
        ).fetchone()
    return str(release_of(press.store.db, revision)["version"])
