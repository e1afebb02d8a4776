"""A flag given as a text.

Expected:
    featured: must be true or false, not a text
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    featured="yes",
)
