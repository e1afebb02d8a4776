"""A key deep inside a body is misspelt."""

import pulumi_press as press

total: press.schema.StandardStep = {
    "imageDetails": {"id": 1},
    "command": "python total.py",
    "runConfiguration": {"retryOptions": {"numberOfRetrys": 3}},
}
press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": total}},
)
