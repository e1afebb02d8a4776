"""A workflow that adds up orders, as one component: its spec and its deployment."""

import pulumi

import pulumi_press as press

block = press.Block(
    "orders",
    spec={
        "kind": "workflow",
        "metadata": {"name": "${PROJECT}", "summary": "Adds up the orders of each shop."},
        # No version: the first release is 1.0.0, and each change of the content publishes the next.
        "artifact": {"path": "block"},
        "config": {
            "images": {"python": {"dockerfile": "Dockerfile", "context": "."}},
            "steps": {
                "count": {"imageRef": "python", "command": "python main.py count"},
                "sum": {"imageRef": "python", "command": "python main.py sum", "parents": ["count"]},
            },
            "triggers": [{"cron": "0 2 * * *"}],
        },
        "parameters": {"run": [{"name": "shops", "type": "string_array", "required": True}]},
    },
    deployment={
        "metadata": {"name": "${PROJECT}"},
        # A change of these alone reaches the running deployment, without a new revision.
        "parameters": {"run": {"shops": ["north", "south"]}},
    },
)

pulumi.export("release", block.spec.release_version)
if block.deployment:
    pulumi.export("revision", block.deployment.revision_number)
    pulumi.export("status", block.deployment.status)
