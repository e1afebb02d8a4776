"""Deploy a block, change it, and look at it in every way that the client has."""

from __future__ import annotations

import os
from pathlib import Path

from peak.press import blocks, deployments  # type: ignore[import-not-found]  # It runs elsewhere.
from recorder import recording  # type: ignore[import-not-found]  # It runs elsewhere.

with recording() as record:
    client = blocks.get_client()
    given = record.given

    spec = record(
        "create the spec", client.create_spec, body=given["specs"]["private_workflow"], parameters=given["parameters"]
    )["id"]
    record(
        "release the spec",
        client.create_spec_release,
        spec_id=spec,
        body=given["releases"]["workflow"],
        parameters=given["parameters"],
        auto_run_on_deploy=True,
    )
    body = given["deployment"]
    body["spec"]["id"] = spec
    deployment = record("deploy", client.create_deployment, body)["id"]

    record("list all deployments", client.list_deployments)
    record("list deployments by name", client.list_deployments, name="nightly", return_iterator=False)
    record("list deployments by another name", client.list_deployments, name="hourly", return_iterator=False)
    record("list deployments by title", client.list_deployments, title="Nightly", return_iterator=False)
    record("list deployments by status", client.list_deployments, status=["deployed", "failed"], return_iterator=False)
    record("list deployments by another status", client.list_deployments, status=["failed"], return_iterator=False)
    record(
        "list deployments in order",
        client.list_deployments,
        sort=["createdAt:desc", "name:asc"],
        page_size=10,
        page_number=1,
        return_iterator=False,
    )
    record("describe the deployment", client.describe_deployment, deployment)
    record("update the deployment", client.update_deployment_metadata, deployment, body=given["deployment_update"])
    record("describe the updated deployment", client.describe_deployment, deployment)

    record("read parameters by argument", client.get_parameters, deployment_id=deployment)
    os.environ["PRESS_DEPLOYMENT_ID"] = deployment
    record("read parameters by environment", client.get_parameters)
    record("read parameters by both", client.get_parameters, deployment_id="unknown")
    record("read no related blocks", client.get_related_block_details)
    del os.environ["PRESS_DEPLOYMENT_ID"]
    Path("parameters.yaml").write_text("agg_type: SUM\nnum_iterations: 3\n", encoding="utf-8")
    record("read parameters by file", client.get_parameters, fallback_params_file="parameters.yaml")
    Path("details.yaml").write_text("- {id: a, kind: service, name: b, status: c, resource_id: d}\n", encoding="utf-8")
    record("read related blocks by file", client.get_related_block_details, fallback_details_file="details.yaml")
    record("change parameters", client.patch_parameters, deployment_id=deployment, body=given["run_parameters"])
    record("read changed parameters", client.get_parameters, deployment_id=deployment)

    revision = record("revise", client.create_deployment_revision, deployment, given["revision"])["revision"]
    record("describe the revision", client.describe_deployment_revision, deployment, revision)
    record("list revisions", client.list_deployment_revisions, deployment, return_iterator=False)
    record(
        "list revisions in order",
        client.list_deployment_revisions,
        deployment,
        sort=["createdAt:asc"],
        status=["deployed", "superseded"],
        page_size=1,
        page_number=1,
        return_iterator=False,
    )
    record("iterate over revisions", client.list_deployment_revisions, deployment)
    record("execute", deployments.get_client().execute_resources, deployment)

    broken = {**body, "metadata": {**body["metadata"], "name": given["broken"]}}
    failing = record("deploy what fails", client.create_deployment, broken)["id"]
    record("describe what failed", client.describe_deployment, failing)
    record("redeploy", client.redeploy, failing)
    record("describe what was redeployed", client.describe_deployment, failing)
