"""A run parameter has a value of another type."""

import pulumi_press as press

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": {"imageDetails": {"id": 1}, "command": "python total.py"}}},
    parameters={"run": [{"name": "rows", "type": "number", "required": True}]},
)
press.BlockDeployment(
    "orders-production",
    metadata={"name": "daily-orders-production"},
    spec=orders,
    parameters={"run": {"rows": "1000"}},
)
