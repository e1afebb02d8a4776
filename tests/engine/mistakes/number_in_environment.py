"""A number is in the environment, where all are texts."""

import pulumi_press as press

total: press.schema.StandardStep = {
    "imageDetails": {"id": 1},
    "command": "python total.py",
    "parameters": {"env": {"ROWS": 1000}},
}
press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": total}},
)
