"""A workflow with the config of a service.

Expected:
    config: is that of a service
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="workflow",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
