"""A web app that shows orders: published as a block spec, and deployed."""

import pulumi

import pulumi_press as press

spec = press.BlockSpec(
    "orders",
    kind="service",
    metadata={"name": "${PROJECT}", "summary": "Shows the orders of each shop."},
    # No version: the first release is 1.0.0, and each change of the content publishes the next.
    artifact={"path": "block"},
    config={
        "serviceType": "web-app",
        "image": {"dockerfile": "Dockerfile", "context": "."},
        "entrypoint": "python main.py",
        "healthCheckURL": "/health",
        "minInstances": 1,
    },
    parameters={"run": [{"name": "shops", "type": "string_array", "required": True}]},
)

deployment = press.BlockDeployment(
    "orders",
    metadata={"name": "${PROJECT}"},
    spec=spec,
    # A change of these alone reaches the running deployment, without a new revision.
    parameters={"run": {"shops": ["north", "south"]}},
)

pulumi.export("release", spec.release_version)
pulumi.export("revision", deployment.revision_number)
pulumi.export("status", deployment.status)
