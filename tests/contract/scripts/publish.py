"""Publish specs and releases, and look at them in every way that the client has."""

from __future__ import annotations

from typing import Any


def play(record: Any) -> None:
    """Play it."""
    client, given = record.client, record.given
    workflow, web_app = publish(record, given["specs"], given["artifact"], given["parameters"])
    look(record, client, workflow, web_app)
    change(record, client, workflow, given)
    release(record, client, workflow, web_app, given)


def publish(record: Any, specs: Any, artifact: Any, parameters: Any) -> tuple[str, str]:
    """Rehearse and create specs of each kind, and give the ids of a workflow and of a web app."""
    client = record.client
    record("rehearse a spec", client.create_spec, body=specs["private_workflow"], artifact=artifact, validate=True)
    record("rehearse an API service", client.create_spec, specs["api_service"], artifact, scope="public", validate=True)
    workflow = record(
        "create a private workflow",
        client.create_spec,
        body=specs["private_workflow"],
        artifact=artifact,
        featured=True,
        auto_run_on_deploy=True,
        scope="private",
        parameters=parameters,
    )["id"]
    record(
        "create a shared workflow",
        client.create_spec,
        body=specs["shared_workflow"],
        artifact=artifact,
        featured=True,
        auto_run_on_deploy=True,
        scope="shared",
        tenants=["tenant1", "tenant2"],
    )
    web_app = record(
        "create a web app",
        client.create_spec,
        body=specs["web_app"],
        featured=True,
        scope="private",
        parameters=parameters,
    )["id"]
    record(
        "create an API service",
        client.create_spec,
        body=specs["api_service"],
        artifact=artifact,
        featured=True,
        scope="shared",
        tenants=["tenant1", "tenant2"],
    )
    every_step = record("create a workflow of every step", client.create_spec, specs["every_step"], scope="public")
    record("describe the workflow of every step", client.describe_spec, every_step["id"])
    return workflow, web_app


def look(record: Any, client: Any, workflow: str, web_app: str) -> None:
    """List and describe what was published."""
    record("list all specs", client.list_specs)
    record("list specs, two on a page", client.list_specs, page_size=2)
    record("list the second page", client.list_specs, page_size=3, page_number=2, return_iterator=False)
    record("list a page beyond the end", client.list_specs, page_size=3, page_number=9, return_iterator=False)
    record("list by name", client.list_specs, name="load", return_iterator=False)
    record("list by title", client.list_specs, title="Dash", return_iterator=False)
    record("list by scope", client.list_specs, scope=["shared"], sort=["name:asc"], return_iterator=False)
    record("list by scopes", client.list_specs, scope=["shared", "private"], return_iterator=False)
    record("list what is public", client.list_specs, scope=["public"], return_iterator=False)
    record("list by status", client.list_specs, status=["archived", "unavailable"], return_iterator=False)
    record("list what is available", client.list_specs, status=["available"], page_size=2)
    record("list in order", client.list_specs, sort=["title:desc"], return_iterator=False)
    record("list by two fields", client.list_specs, sort=["createdBy:desc", "createdAt:desc"], return_iterator=False)
    record(
        "list by everything",
        client.list_specs,
        status=["available", "archived"],
        featured=True,
        name="load",
        title="Load",
        sort=["createdAt:asc"],
        scope=["shared"],
        page_size=5,
        page_number=1,
        return_iterator=False,
    )
    record("describe the workflow", client.describe_spec, workflow)
    record("describe the web app", client.describe_spec, web_app)


def change(record: Any, client: Any, workflow: str, given: Any) -> None:
    """Change what can be changed without a release."""
    record("update the workflow", client.update_spec_metadata, spec_id=workflow, body=given["spec_update"])
    record("describe the updated workflow", client.describe_spec, workflow)
    record("list what is featured", client.list_specs, featured=True, return_iterator=False)
    record("list what is not featured", client.list_specs, featured=False, return_iterator=False)
    record("archive the workflow", client.update_spec_metadata, workflow, {"metadata": {"status": "archived"}})
    record("list what is archived", client.list_specs, status=["archived"], return_iterator=False)
    shared = {"metadata": {"status": "available", "tags": []}, "scope": "shared", "tenants": ["tenant3"]}
    record("share the workflow", client.update_spec_metadata, workflow, shared)
    record("take the workflow back", client.update_spec_metadata, workflow, {"scope": "private", "tenants": []})
    record("restore the workflow", client.update_spec_metadata, workflow, given["spec_update"])


def release(record: Any, client: Any, workflow: str, web_app: str, given: Any) -> None:
    """Publish further releases, and look at them."""
    releases, artifact, parameters = given["releases"], given["artifact"], given["parameters"]
    record(
        "rehearse a release",
        client.create_spec_release,
        spec_id=workflow,
        body=releases["workflow"],
        artifact=artifact,
        parameters=parameters,
        validate=True,
    )
    record(
        "release the workflow",
        client.create_spec_release,
        spec_id=workflow,
        body=releases["workflow"],
        artifact=artifact,
        parameters=parameters,
        auto_run_on_deploy=True,
    )
    record(
        "release the web app",
        client.create_spec_release,
        spec_id=web_app,
        body=releases["service"],
        artifact=artifact,
        parameters=parameters,
    )
    candidate = {**releases["finished_image"], "release": {"version": "3.0.0-rc.1+build.5"}}
    record("release a candidate", client.create_spec_release, web_app, candidate, auto_run_on_deploy=False)
    record("release a finished image", client.create_spec_release, web_app, releases["finished_image"])
    record("describe the second release", client.describe_spec_release, workflow, "2.0.0")
    record("describe a release without an artifact", client.describe_spec_release, web_app, "1.0.0")
    record("describe the candidate", client.describe_spec_release, web_app, "3.0.0-rc.1+build.5")
    record("list all releases", client.list_spec_releases, workflow)
    record("list releases, one on a page", client.list_spec_releases, workflow, page_size=1)
    record(
        "list the oldest release",
        client.list_spec_releases,
        workflow,
        sort=["createdAt:asc"],
        page_size=1,
        page_number=1,
        return_iterator=False,
    )
    record(
        "list releases by author", client.list_spec_releases, web_app, sort=["createdBy:desc"], return_iterator=False
    )
