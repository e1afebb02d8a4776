"""Steps wait for each other."""

import pulumi_press as press

press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={"name": "daily-orders", "summary": "Adds up orders."},
    config={
        "steps": {
            "load": {"imageDetails": {"id": 1}, "command": "python load.py", "parents": ["total"]},
            "total": {"imageDetails": {"id": 1}, "command": "python total.py", "parents": ["load"]},
        }
    },
)
