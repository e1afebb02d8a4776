"""A schedule has too few fields."""

import pulumi_press as press

press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={
        "steps": {"total": {"imageDetails": {"id": 1}, "command": "python total.py"}},
        "triggers": [{"cron": "0 6 *"}],
    },
)
