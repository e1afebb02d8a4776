"""Every argument of a resource is an output of it, and the package has a version and its shapes."""

from __future__ import annotations

from typing import Any

import pulumi

import pulumi_press as press

arguments: press.schema.BlockSpecArgs = {
    "kind": "service",
    "metadata": {"name": "orders", "summary": "Adds up orders."},
    "config": {"imageDetails": {"id": 1}},
}
version_of_package: str = press.__version__

spec = press.BlockSpec("spec", **arguments)
kind: pulumi.Output[str] = spec.kind
metadata: pulumi.Output[dict[str, Any]] = spec.metadata
config: pulumi.Output[dict[str, Any]] = spec.config
its_release: pulumi.Output[dict[str, Any]] = spec.release
artifact: pulumi.Output[dict[str, Any] | None] = spec.artifact
parameters: pulumi.Output[dict[str, Any] | None] = spec.parameters
featured: pulumi.Output[bool | None] = spec.featured
scope: pulumi.Output[str | None] = spec.scope
tenants: pulumi.Output[list[str] | None] = spec.tenants
runs: pulumi.Output[bool | None] = spec.auto_run_on_deploy
version: pulumi.Output[float | str | None] = spec.version
adopt: pulumi.Output[str | None] = press.BlockSpec.get("found", "an-id").adopt

release = press.BlockSpecRelease(
    "release", spec_id=spec.id, release={"version": "2.0.0"}, config={"imageDetails": {"id": 1}}
)
spec_id: pulumi.Output[str] = release.spec_id
further: pulumi.Output[dict[str, Any]] = release.release
shipped: pulumi.Output[dict[str, Any] | None] = release.artifact
asked: pulumi.Output[dict[str, Any] | None] = release.parameters
runs_too: pulumi.Output[bool | None] = release.auto_run_on_deploy

deployment = press.BlockDeployment("deployment", metadata={"name": "orders"}, spec=release)
runs_what: pulumi.Output[dict[str, Any]] = deployment.spec
values: pulumi.Output[dict[str, Any] | None] = deployment.parameters
revision: pulumi.Output[dict[str, Any] | None] = deployment.revision
triggers: pulumi.Output[dict[str, Any] | None] = deployment.triggers
timeouts: pulumi.Output[dict[str, Any] | None] = deployment.timeouts
adopted: pulumi.Output[str | None] = deployment.adopt
both: pulumi.Output[Any] = pulumi.Output.all(spec.scope, deployment.triggers)
