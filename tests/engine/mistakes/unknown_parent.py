"""A step waits for one that there is not."""

import pulumi_press as press

press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={
        "steps": {
            "load": {"imageDetails": {"id": 1}, "command": "python load.py"},
            "total": {"imageDetails": {"id": 1}, "command": "python total.py", "parents": ["laod"]},
        }
    },
)
