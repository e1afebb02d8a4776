"""An image is to be built, and there is no artifact."""

import pulumi_press as press

press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": {"image": {"dockerfile": "Dockerfile"}, "command": "python total.py"}}},
)
