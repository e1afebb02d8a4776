"""Publish specs and releases, and look at them in every way that the client has."""

from __future__ import annotations

from peak.press import blocks  # type: ignore[import-not-found]  # It runs elsewhere.
from recorder import recording  # type: ignore[import-not-found]  # It runs elsewhere.

with recording() as record:
    client = blocks.get_client()
    specs, releases = record.given["specs"], record.given["releases"]
    artifact, parameters = record.given["artifact"], record.given["parameters"]

    record("rehearse a spec", client.create_spec, body=specs["private_workflow"], artifact=artifact, validate=True)
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

    record("list all specs", client.list_specs)
    record("list specs, two on a page", client.list_specs, page_size=2)
    record("list the second page", client.list_specs, page_size=3, page_number=2, return_iterator=False)
    record("list by name", client.list_specs, name="load", return_iterator=False)
    record("list by title", client.list_specs, title="Dash", return_iterator=False)
    record("list by scope", client.list_specs, scope=["shared"], sort=["name:asc"], return_iterator=False)
    record("list by scopes", client.list_specs, scope=["shared", "private"], return_iterator=False)
    record("list by status", client.list_specs, status=["archived", "unavailable"], return_iterator=False)
    record("list in order", client.list_specs, sort=["title:desc"], return_iterator=False)

    record("describe the workflow", client.describe_spec, workflow)
    record("describe the web app", client.describe_spec, web_app)
    record("update the workflow", client.update_spec_metadata, spec_id=workflow, body=record.given["spec_update"])
    record("describe the updated workflow", client.describe_spec, workflow)
    record("list what is featured", client.list_specs, featured=True, return_iterator=False)
    record("list what is not featured", client.list_specs, featured=False, return_iterator=False)

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
    record("describe the second release", client.describe_spec_release, workflow, "2.0.0")
    record("describe a release without an artifact", client.describe_spec_release, web_app, "1.0.0")
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
