"""Metadata without a summary.

Expected:
    metadata.summary: is required
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
