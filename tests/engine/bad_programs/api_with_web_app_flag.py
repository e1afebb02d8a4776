"""A flag that is only for web apps.

Expected:
    config.scaleToZero: is only for a service of type web-app
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}, "scaleToZero": True},
)
