"""A parameter that is declared twice.

Expected:
    parameters.run[1].name: is declared twice: 'rows'
"""

import pulumi_press as press

press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    parameters={
        "run": [
            {"name": "rows", "type": "number", "required": True},
            {"name": "rows", "type": "string", "required": True},
        ]
    },
)
