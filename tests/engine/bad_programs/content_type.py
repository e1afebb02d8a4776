"""A content type that does not exist.

Expected:
    metadata.descriptionContentType: must be 'text/plain' or 'text/markdown'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "x", "descriptionContentType": "html"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
