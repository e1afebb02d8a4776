"""A parameter of a type that does not exist.

Expected:
    parameters.run[0].type: must be 'boolean'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    parameters={"run": [{"name": "rows", "type": "int", "required": True}]},
)
