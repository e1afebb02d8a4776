"""A key of a step is misspelt."""

import pulumi_press as press

total: press.schema.StandardStep = {
    "imageDetails": {"id": 1},
    "command": "python total.py",
    "stepTimout": 600,
}
press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": total}},
)
