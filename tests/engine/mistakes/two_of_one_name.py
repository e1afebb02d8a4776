"""Two resources have one name."""

import pulumi_press as press

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"total": {"imageDetails": {"id": 1}, "command": "python total.py"}}},
)
for stage in ("test", "production"):
    press.BlockDeployment("orders-run", metadata={"name": f"daily-orders-{stage}"}, spec=orders)
