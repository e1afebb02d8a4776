"""A deployment without a name.

Expected:
    metadata.name: is required
"""

import pulumi_press as press

spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    parameters={"run": [{"name": "rows", "type": "number", "required": True}]},
)
press.BlockDeployment(
    "run",
    metadata={"summary": "x"},
    spec={"id": spec.id, "release": {"version": "1.0.0"}},
    parameters={"run": {"rows": 1}},
)
