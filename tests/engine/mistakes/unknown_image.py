"""A step names an image that is not declared."""

import pulumi_press as press

press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={
        "images": {"python": {"dockerfile": "Dockerfile", "context": "."}},
        "steps": {"total": {"imageRef": "pyhton", "command": "python total.py"}},
    },
    artifact={"path": "."},
)
