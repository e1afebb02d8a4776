"""A key that metadata does not have.

Expected:
    metadata.owner: is not a known property
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "x", "owner": "me"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
