"""A list given as a text.

Expected:
    tenants: must be a list, not a text
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    scope="shared",
    tenants="north",
)
