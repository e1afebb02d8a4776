"""Make mistakes, and see them told by the client's own exceptions."""

from __future__ import annotations

from peak import Session  # type: ignore[import-not-found]  # It runs elsewhere.
from peak.press import blocks  # type: ignore[import-not-found]  # It runs elsewhere.
from recorder import recording  # type: ignore[import-not-found]  # It runs elsewhere.

UNKNOWN = "00000000-0000-4000-8000-000000000000"

with recording() as record:
    client = blocks.get_client()
    given = record.given
    body = given["specs"]["private_workflow"]
    spec = record("create the spec", client.create_spec, body=body, parameters=given["parameters"])["id"]

    record("no such spec", client.describe_spec, UNKNOWN)
    record("no such release", client.describe_spec_release, spec, "9.9.9")
    record("no such deployment", client.describe_deployment, UNKNOWN)
    record("no such revision", client.describe_deployment_revision, UNKNOWN, "1")
    record("no such parameters", client.get_parameters, deployment_id=UNKNOWN)
    record("delete no such spec", client.delete_spec, UNKNOWN)
    record("delete no such deployment", client.delete_deployment, UNKNOWN)

    record("the name is taken", client.create_spec, body=body)
    record("a body without a kind", client.create_spec, body={key: body[key] for key in body if key != "kind"})
    record("rehearse a body without a kind", client.create_spec, body={"version": 1}, validate=True)
    record(
        "the same version",
        client.create_spec_release,
        spec,
        {**given["releases"]["workflow"], "release": body["release"]},
    )
    record("an unknown order", client.list_deployments, sort=["colour:asc"], return_iterator=False)

    deployment = given["deployment"]
    deployment["spec"]["id"] = spec
    wrong = {**deployment, "parameters": {"run": {"num_iterations": "many"}}}
    record("a run parameter of the wrong type", client.create_deployment, wrong)
    working = record("deploy", client.create_deployment, deployment)["id"]
    record("redeploy what works", client.redeploy, working)
    record("change an unknown parameter", client.patch_parameters, deployment_id=working, body={"colour": "red"})

    for whose in ("client", "service"):
        artifact = {"path": given["too_large"][whose]}
        record(f"an artifact over the {whose}'s limit", client.create_spec, body=body, artifact=artifact)

    stranger = Session()
    stranger.auth_token = "unknown"
    record("an unknown token", blocks.get_client(stranger).list_specs, return_iterator=False)
