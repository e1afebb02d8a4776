"""The folder of the artifact does not exist."""

import pulumi_press as press

press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": {"image": {"dockerfile": "Dockerfile"}, "command": "python total.py"}}},
    artifact={"path": "odrers"},
)
