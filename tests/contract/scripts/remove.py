"""Take down what was deployed and published."""

from __future__ import annotations

from typing import Any


def play(record: Any) -> None:
    """Play it."""
    client = record.client
    deployments, specs = list(client.list_deployments()), list(client.list_specs())
    for deployment in deployments:
        record(f"delete the deployment {deployment['metadata']['name']}", client.delete_deployment, deployment["id"])
    for spec in specs:
        record(f"delete the spec {spec['metadata']['name']}", client.delete_spec, spec["id"])
    record("describe a deleted deployment", client.describe_deployment, deployments[0]["id"])
    record("describe a deleted spec", client.describe_spec, specs[0]["id"])
