"""Bodies of the service's own client, unpacked into the arguments of the resources."""

from __future__ import annotations

from typing import Any

import pulumi_press as press
from pulumi_press import schema

config: schema.WorkflowConfig = {"steps": {"load": {"command": "load", "imageDetails": {"id": 1}}}}

# As the client's documentation types its bodies.
spec_body: dict[str, Any] = {
    "version": "1",
    "kind": "workflow",
    "metadata": {"name": "orders", "summary": "Adds up orders."},
    "release": {"version": "1.0.0"},
    "config": config,
}
spec = press.BlockSpec("spec", **spec_body, artifact={"path": "../orders"}, scope="shared", tenants=["one"])

release_body: schema.ReleaseBody = {"release": {"version": "2.0.0"}, "config": config}
release = press.BlockSpecRelease("release", spec_id=spec.id, **release_body, artifact={"path": "../orders"})

deployment_body: schema.DeploymentBody = {
    "metadata": {"name": "orders-production"},
    "spec": {"id": spec.id, "release": {"version": release.version}},
    "parameters": {"run": {"size": 10}},
    "revision": {"notes": "first"},
}
deployment = press.BlockDeployment("deployment", **deployment_body, wait=False)

spec_arguments: schema.BlockSpecArgs = {
    "kind": "workflow",
    "metadata": {"name": "orders", "summary": "Adds up orders."},
    "release": {"notes": "first"},
    "config": config,
    "tenants": ["one"],
}
whole_spec = press.BlockSpec("whole-spec", **spec_arguments)

release_arguments: schema.BlockSpecReleaseArgs = {
    "spec_id": spec.id,
    "release": {"version": "3.0.0"},
    "config": config,
}
whole_release = press.BlockSpecRelease("whole-release", **release_arguments)

deployment_arguments: schema.BlockDeploymentArgs = {
    "metadata": {"name": "orders"},
    "spec": {"id": spec.id},
    "triggers": {"day": 1},
    "timeouts": {"create": "20m"},
}
whole_deployment = press.BlockDeployment("whole-deployment", **deployment_arguments)

typed: schema.SpecBody = {
    "version": 1,
    "kind": "service",
    "metadata": {"name": "typed", "summary": "A body of the SDK's call"},
    "release": {"version": "1.0.0"},
    "config": {"imageDetails": {"id": 1}},
}
press.BlockSpec("typed", **typed)
