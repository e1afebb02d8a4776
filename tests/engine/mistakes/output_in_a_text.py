"""An output is written into an f-string."""

import pulumi_press as press

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": {"imageDetails": {"id": 1}, "command": "python total.py"}}},
)
press.BlockDeployment(
    "orders-production",
    metadata={"name": "daily-orders-production", "title": f"Orders {orders.release_version}"},
    spec=orders,
)
