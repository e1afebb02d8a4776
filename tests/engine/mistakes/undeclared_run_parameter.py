"""A run parameter is not declared, and another is missing."""

import pulumi_press as press

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": {"imageDetails": {"id": 1}, "command": "python total.py"}}},
    parameters={"run": [{"name": "shops", "type": "string_array", "required": True}]},
)
press.BlockDeployment(
    "orders-production",
    metadata={"name": "daily-orders-production"},
    spec=orders,
    parameters={"run": {"shop": ["north"]}},
)
