"""A key that the config does not have.

Expected:
    config.entrypont: is not a known property
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}, "entrypont": "x"},
)
