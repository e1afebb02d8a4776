"""An empty name.

Expected:
    metadata.name: must not be empty
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "", "summary": "x"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
