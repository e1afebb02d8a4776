"""A kind that does not exist.

Expected:
    kind: must be 'workflow' or 'service'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="cron",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
