"""A step has a key of another kind of step."""

import pulumi_press as press

totals: press.schema.SqlStep = {"type": "sql", "command": "select sum(price) from orders"}
press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={"steps": {"totals": totals}},
)
