"""A schedule of three fields.

Expected:
    config.triggers[0].cron: must look like 0 0 * * *
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}, "triggers": [{"cron": "0 0 *"}]},
)
