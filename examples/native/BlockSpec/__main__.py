"""A workflow, published."""

import pulumi

from pulumi_press import native as press

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up the orders of the day."},
    config={"steps": {"sum": {"imageDetails": {"id": 7}, "command": "python sum.py"}}},
    parameters={"run": [{"name": "shops", "type": "string_array", "required": True}]},
)

pulumi.export("release", orders.release_version)
