"""A parameter with no option to choose.

Expected:
    parameters.run[0].options: must not be empty
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    parameters={"run": [{"name": "rows", "type": "number", "required": True, "options": []}]},
)
