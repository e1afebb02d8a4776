"""A tag that is a text.

Expected:
    metadata.tags[0]: must be an object, not a text
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "x", "tags": ["blue"]},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
