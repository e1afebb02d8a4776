"""A version of two parts.

Expected:
    release.version: '1.0' is not a semantic version
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    release={"version": "1.0"},
)
