"""Make mistakes, and see them told by the client's own exceptions."""

from __future__ import annotations

from typing import Any

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def play(record: Any) -> None:
    """Play it."""
    client, given = record.client, record.given
    body, artifact = given["specs"]["private_workflow"], given["artifact"]
    spec = record("create the spec", client.create_spec, body, artifact, parameters=given["parameters"])["id"]
    ask_for_what_is_not_there(record, client, spec, given)
    publish_wrongly(record, client, spec, given)
    deploy_wrongly(record, client, spec, given)
    list_wrongly(record, client)
    for whose in ("client", "service"):
        large = {"path": given["too_large"][whose]}
        record(f"an artifact over the {whose}'s limit", client.create_spec, body=body, artifact=large)
    come_as_another(record, given)


def ask_for_what_is_not_there(record: Any, client: Any, spec: str, given: Any) -> None:
    """Ask for objects that nobody made."""
    record("no such spec", client.describe_spec, UNKNOWN)
    record("no such release", client.describe_spec_release, spec, "9.9.9")
    record("no such deployment", client.describe_deployment, UNKNOWN)
    record("no such revision", client.describe_deployment_revision, UNKNOWN, "1")
    record("no such parameters", client.get_parameters, deployment_id=UNKNOWN)
    record("no such relations", client.get_related_block_details, UNKNOWN)
    record("releases of no such spec", client.list_spec_releases, UNKNOWN)
    record("update no such spec", client.update_spec_metadata, UNKNOWN, given["spec_update"])
    record("release of no such spec", client.create_spec_release, UNKNOWN, given["releases"]["finished_image"])
    record("deploy no such spec", client.create_deployment, {**given["deployment"], "spec": {"id": UNKNOWN}})
    record("revise no such deployment", client.create_deployment_revision, UNKNOWN, {})
    record("redeploy no such deployment", client.redeploy, UNKNOWN)
    record("delete no such spec", client.delete_spec, UNKNOWN)
    record("delete no such deployment", client.delete_deployment, UNKNOWN)


def publish_wrongly(record: Any, client: Any, spec: str, given: Any) -> None:
    """Send specs and releases that are refused."""
    body, release = given["specs"]["private_workflow"], given["releases"]["workflow"]
    record("the name is taken", client.create_spec, body=body, artifact=given["artifact"])
    record("nothing to build from", client.create_spec, given["specs"]["shared_workflow"])
    record("a body without a kind", client.create_spec, body={key: body[key] for key in body if key != "kind"})
    record("rehearse a body without a kind", client.create_spec, body={"version": 1}, validate=True)
    record("an unknown scope", client.create_spec, given["specs"]["web_app"], scope="everybody")
    same = {**release, "release": body["release"]}
    record("the same version", client.create_spec_release, spec, same, given["artifact"])
    record("rehearse the same version", client.create_spec_release, spec, same, given["artifact"], validate=True)
    record("a release of another kind", client.create_spec_release, spec, given["releases"]["finished_image"])
    record("an unknown field", client.update_spec_metadata, spec, {"metadata": {"colour": "red"}})
    record("an unknown status", client.update_spec_metadata, spec, {"metadata": {"status": "gone"}})


def deploy_wrongly(record: Any, client: Any, spec: str, given: Any) -> None:
    """Send deployments, revisions and parameters that are refused."""
    deployment = given["deployment"]
    deployment["spec"]["id"] = spec
    wrong = {**deployment, "parameters": {"run": {"num_iterations": "many"}}}
    record("a run parameter of the wrong type", client.create_deployment, wrong)
    working = record("deploy", client.create_deployment, deployment)["id"]
    record("the name of a deployment is taken", client.create_deployment, deployment)
    record("redeploy what works", client.redeploy, working)
    record("delete a spec in use", client.delete_spec, spec)
    record("change an unknown parameter", client.patch_parameters, deployment_id=working, body={"colour": "red"})
    record("change a parameter to what is no option", client.patch_parameters, working, {"num_iterations": 11})
    record("an unknown release", client.create_deployment_revision, working, {"release": {"version": "9.9.9"}})
    record("a revision with an unknown field", client.create_deployment_revision, working, {"notes": "x"})
    record("a summary that is no text", client.update_deployment_metadata, working, {"summary": 5})
    unending = {**deployment, "metadata": {"name": given["unending"], "summary": "Never comes up."}}
    busy = record("deploy what never comes up", client.create_deployment, unending)["id"]
    record("a revision amid a rollout", client.create_deployment_revision, busy, {})


def list_wrongly(record: Any, client: Any) -> None:
    """Ask for lists that there cannot be."""
    record("an unknown order", client.list_deployments, sort=["colour:asc"], return_iterator=False)
    record("an unknown direction", client.list_specs, sort=["name:up"], return_iterator=False)
    record("an unknown filter", client.list_specs, status=["gone"], return_iterator=False)
    record("page zero", client.list_specs, page_number=0, return_iterator=False)
    record("a page that is too large", client.list_deployments, page_size=101)


def come_as_another(record: Any, given: Any) -> None:
    """Come with a token that nobody knows, and with that of another tenant."""
    stranger, neighbour = record.connect("unknown"), record.connect(given["neighbour"])
    public = record("publish for all", record.client.create_spec, given["specs"]["web_app"], scope="public")["id"]
    record("an unknown token", stranger.list_specs, return_iterator=False)
    record("an unknown token that writes", stranger.create_deployment, given["deployment"])
    record("describe a neighbour's public spec", neighbour.describe_spec, public)
    record("change a neighbour's public spec", neighbour.update_spec_metadata, public, {"featured": True})
    record(
        "release a neighbour's public spec",
        neighbour.create_spec_release,
        public,
        given["releases"]["service"],
        given["artifact"],
    )
    record("delete a neighbour's public spec", neighbour.delete_spec, public)
