"""A trigger that is a schedule and a webhook.

Expected:
    config.triggers[0]: has cron and webhook; give only one
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={
        "steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}},
        "triggers": [{"cron": "0 0 * * *", "webhook": True}],
    },
)
