"""A scope that does not exist.

Expected:
    scope: must be 'private', 'public' or 'shared'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    scope="team",
)
