"""Deploy a block, change it, and look at it in every way that the client has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def play(record: Any) -> None:
    """Play it."""
    client, given = record.client, record.given
    spec = record(
        "create the spec",
        client.create_spec,
        body=given["specs"]["private_workflow"],
        artifact=given["artifact"],
        parameters=given["parameters"],
    )["id"]
    record(
        "release the spec",
        client.create_spec_release,
        spec_id=spec,
        body=given["releases"]["workflow"],
        artifact=given["artifact"],
        parameters=given["parameters"],
        auto_run_on_deploy=True,
    )
    body = given["deployment"]
    body["spec"]["id"] = spec
    deployment = record("deploy", client.create_deployment, body)["id"]
    look(record, client, deployment, given)
    set_parameters(record, client, deployment, given)
    revise(record, client, deployment, given)
    fail(record, client, body, given)
    deploy_service(record, client, given)


def look(record: Any, client: Any, deployment: str, given: Any) -> None:
    """List, describe and rename."""
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


def set_parameters(record: Any, client: Any, deployment: str, given: Any) -> None:
    """Read run parameters, and related blocks, by every way to them, and change them."""
    record("read parameters by argument", client.get_parameters, deployment_id=deployment)
    record("read no related blocks by argument", client.get_related_block_details, deployment)
    os.environ["PRESS_DEPLOYMENT_ID"] = deployment
    record("read parameters by environment", client.get_parameters)
    record("read parameters by both", client.get_parameters, deployment_id="unknown")
    record("read no related blocks", client.get_related_block_details)
    Path("parameters.yaml").write_text("agg_type: SUM\nnum_iterations: 3\n", encoding="utf-8")
    Path("details.yaml").write_text("- {id: a, kind: service, name: b, status: c, resource_id: d}\n", encoding="utf-8")
    os.environ["PRESS_DEPLOYMENT_ID"] = ""
    record("read parameters by file, not by argument", client.get_parameters, deployment, "parameters.yaml")
    del os.environ["PRESS_DEPLOYMENT_ID"]
    record("read parameters by file", client.get_parameters, fallback_params_file="parameters.yaml")
    record("read related blocks by file", client.get_related_block_details, fallback_details_file="details.yaml")
    record("change parameters", client.patch_parameters, deployment_id=deployment, body=given["run_parameters"])
    record("read changed parameters", client.get_parameters, deployment_id=deployment)
    record("change one parameter", client.patch_parameters, deployment, {"num_iterations": 100})
    record("restore the parameters", client.patch_parameters, deployment, given["run_parameters"])


def revise(record: Any, client: Any, deployment: str, given: Any) -> None:
    """Make revisions, and look at them."""
    revision = record("revise", client.create_deployment_revision, deployment, given["revision"])["revision"]
    record("describe the revision", client.describe_deployment_revision, deployment, revision)
    record("describe the revision before", client.describe_deployment_revision, deployment, 1)
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
    record(
        "list superseded revisions",
        client.list_deployment_revisions,
        deployment,
        status=["superseded"],
        sort=["createdBy:asc", "createdAt:desc"],
        return_iterator=False,
    )
    record("iterate over revisions", client.list_deployment_revisions, deployment)
    record("execute", client.execute_resources, deployment)


def fail(record: Any, client: Any, body: Any, given: Any) -> None:
    """Deploy what fails, then what warns, and redeploy both."""
    broken = {**body, "metadata": {**body["metadata"], "name": given["broken"]}}
    failing = record("deploy what fails", client.create_deployment, broken)["id"]
    record("describe what failed", client.describe_deployment, failing)
    record("list what failed", client.list_deployments, status=["failed", "warning"], return_iterator=False)
    record("redeploy", client.redeploy, failing)
    record("describe what was redeployed", client.describe_deployment, failing)


def deploy_service(record: Any, client: Any, given: Any) -> None:
    """Deploy a service: its latest release, with build parameters, and revise it with nothing said."""
    declared = {"build": given["build_parameters"], "run": given["hidden_parameters"]}
    service = record("create a service", client.create_spec, given["specs"]["web_app"], parameters=declared)["id"]
    deployed = {
        "metadata": {"name": "dashboard", "summary": "The dashboard of the live data."},
        "spec": {"id": service},
        "revision": {"notes": "Its first revision"},
        "parameters": {"build": {"instance_type": 21}, "run": {"password": "hush"}},
    }
    deployment = record("deploy the latest release", client.create_deployment, deployed)["id"]
    record("describe hidden parameters", client.describe_deployment, deployment)
    record("read hidden parameters", client.get_parameters, deployment)
    record("revise with nothing said", client.create_deployment_revision, deployment, {})
    build = {"parameters": {"build": {"instance_type": 22}}, "revision": {"notes": "Larger"}}
    record("revise with build parameters", client.create_deployment_revision, deployment, build)
    record("describe the third revision", client.describe_deployment_revision, deployment, 3)
    record("list all deployments, one on a page", client.list_deployments, page_size=1, sort=["title:asc"])
    record(
        "list the last page of deployments", client.list_deployments, page_size=2, page_number=2, return_iterator=False
    )
    record("title the service", client.update_deployment_metadata, deployment, {"title": "Dashboard, live", "tags": []})
    record("execute what is not to run", client.execute_resources, deployment)
