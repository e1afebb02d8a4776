"""A word that adopt does not know.

Expected:
    adopt: must be 'never', 'identical' or 'always'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    adopt="maybe",
)
