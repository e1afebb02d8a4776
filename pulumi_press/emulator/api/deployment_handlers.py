"""Block deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pulumi_press.emulator.api.calls import APIError, InvalidRequestError
from pulumi_press.emulator.api.deployment_responses import DeploymentStatus
from pulumi_press.emulator.api.objects import (
    Listing,
    Page,
    dump_texts,
    merge_texts,
    own_deployment,
    refuse_taken,
    refuse_unchanged,
    show_metadata,
    visible_spec,
)
from pulumi_press.emulator.api.revision_handlers import (
    Content,
    DeclaredParameters,
    add_revision,
    current_revision,
    newest_revision,
    release_of,
    show_resources,
    show_revision_item,
    show_run_parameters,
)
from pulumi_press.emulator.api.spec_handlers import find_release, latest_release
from pulumi_press.emulator.backend.rollout_simulation import UNDER_WAY
from pulumi_press.schema.bodies import DeploymentBody, DeploymentPatch
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.api.calls import Call
    from pulumi_press.emulator.backend.backend import Context

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

DEPLOYMENT_LISTING = Listing(
    table="deployments",
    items="deployments",
    total="deploymentCount",
    choices={"status": ("status", STATUSES)},
    prefixes={"name": "name", "title": TITLE},
    sorts={"createdAt": "created_at", "createdBy": "created_by", "name": "name", "title": TITLE},
)


def create_deployment(context: Context, call: Call) -> dict[str, Any]:
    """Deploy a visible spec: store the deployment with its first revision, and begin the rollout."""
    db, body = context.store.db, call.body
    failures = validate(DeploymentBody, body)
    if failures:
        raise InvalidRequestError(failures)
    spec = visible_spec(db, call.tenant, body["spec"]["id"], context.assumptions)
    if spec["status"] != "available" and context.assumptions.archived_spec == "refuse":
        raise APIError(422, f"spec.id: the block spec is {spec['status']}")
    release = find_release(db, spec["id"], body["spec"].get("release", {}).get("version"))
    build, run = (body.get("parameters", {}).get(group, {}) for group in ("build", "run"))
    failures = DeclaredParameters(release).check(build, run)
    if failures:
        raise InvalidRequestError(failures)
    metadata, deployment_id = body["metadata"], context.ids.new()
    refuse_taken(context, "deployments", call.tenant, spec["kind"], metadata["name"])
    context.store.insert(
        "deployments",
        id=deployment_id,
        tenant=call.tenant,
        kind=spec["kind"],
        name=metadata["name"],
        status="deploying",
        texts=dump_texts(metadata),
        spec_id=spec["id"],
        resource_id=context.ids.new(),
        created_at=call.at,
        created_by=call.user,
        updated_at=call.at,
        updated_by=call.user,
    )
    deployment = own_deployment(db, call.tenant, deployment_id)
    content = Content(release, body.get("revision", {}).get("notes"), build, run)
    add_revision(context, call, deployment, 1, content)
    return {"id": deployment_id}


def list_deployments(context: Context, call: Call) -> dict[str, Any]:
    """List the deployments of the caller's tenant."""
    page = Page.of(DEPLOYMENT_LISTING, call.query, context.assumptions, where="tenant = ?", values=(call.tenant,))
    return page.read(context.store.db, lambda row: _show_deployment(context, row))


def describe_deployment(context: Context, call: Call) -> dict[str, Any]:
    """Describe an own deployment with its newest revision."""
    db = context.store.db
    deployment = own_deployment(db, call.tenant, call.path["deployment_id"])
    shown = _show_deployment(context, deployment)
    newest = newest_revision(db, deployment["id"])
    shown["latestRevision"] = {"resources": show_resources(context, deployment, newest), **shown["latestRevision"]}
    shown["parameters"] = show_run_parameters(context, current_revision(db, deployment))
    if context.assumptions.absent_values == "null":
        shown["parent"] = None
    return shown


def update_deployment_metadata(context: Context, call: Call) -> dict[str, Any]:
    """Change the name and texts of an own deployment."""
    patch = call.body
    failures = validate(DeploymentPatch, patch)
    if failures:
        raise InvalidRequestError(failures)
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    name = patch.get("name", deployment["name"])
    texts = merge_texts(deployment["texts"], patch, context.assumptions)
    refuse_taken(context, "deployments", call.tenant, deployment["kind"], name, except_id=deployment["id"], at="name")
    if (name, texts) == (deployment["name"], deployment["texts"]):
        refuse_unchanged(context.assumptions)
    else:
        context.store.update(
            "deployments", deployment["id"], name=name, texts=texts, updated_at=call.at, updated_by=call.user
        )
    deployment = own_deployment(context.store.db, call.tenant, deployment["id"])
    return _show_deployment(context, deployment)


def redeploy(context: Context, call: Call) -> dict[str, Any]:
    """Roll out the newest revision of an own deployment again."""
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    if deployment["status"] not in REDEPLOYED:
        raise APIError(
            409,
            f"Only a deployment that is failed or warning can be redeployed; it is {deployment['status']}.",
        )
    revision = newest_revision(context.store.db, deployment["id"])
    context.rollouts.begin_deploy(deployment, revision["number"], status="redeploying")
    return {"deploymentId": deployment["id"], "revision": revision["number"], "revisionId": revision["id"]}


def delete_deployment(context: Context, call: Call) -> dict[str, Any]:
    """Delete an own deployment and what it runs."""
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    status = deployment["status"]
    if status in UNDER_WAY and status != "deleting" and context.assumptions.delete_while_deploying == "refuse":
        raise APIError(422, f"The deployment is {status}; wait until that is over.")
    if status != "deleting":
        revision = newest_revision(context.store.db, deployment["id"])
        context.rollouts.begin_delete(deployment, revision["number"])
    return {}


def execute_resources(context: Context, call: Call) -> dict[str, Any]:
    """Run what an own deployment deployed, if its release is to run on deploy."""
    deployment = own_deployment(context.store.db, call.tenant, call.path["deployment_id"])
    release = release_of(context.store.db, newest_revision(context.store.db, deployment["id"]))
    execution = {
        "blockSpecId": deployment["spec_id"],
        "version": release["version"],
        "executionId": context.ids.new(),
        "status": "success",
    }
    return {"executeResponse": [execution] if release["auto_run"] else []}


def _show_deployment(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    newest = newest_revision(context.store.db, row["id"])
    return {
        "id": row["id"],
        "kind": row["kind"],
        "latestRevision": show_revision_item(context, newest),
        "metadata": show_metadata(row, context.assumptions),
        "spec": {
            "id": row["spec_id"],
            "release": {
                "currentVersion": _current_version(context, row, newest),
                "latestVersion": latest_release(context.store.db, row["spec_id"])["version"],
            },
        },
    }


def _current_version(context: Context, deployment: sqlite3.Row, newest: sqlite3.Row) -> str:
    revision = newest
    if context.assumptions.current_version == "live" and deployment["live"] is not None:
        revision = context.store.db.execute(
            "SELECT * FROM revisions WHERE deployment_id = ? AND number = ?", (deployment["id"], deployment["live"])
        ).fetchone()
    return str(release_of(context.store.db, revision)["version"])
