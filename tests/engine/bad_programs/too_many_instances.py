"""More instances than there can be.

Expected:
    config.minInstances: should be less than or equal to 2
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}, "minInstances": 3},
)
