"""A watcher that tells nobody.

Expected:
    config.watchers[0]: needs user, webhook or email
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}, "watchers": [{"events": {"fail": True}}]},
)
