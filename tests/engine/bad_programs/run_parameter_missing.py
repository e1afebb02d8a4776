"""A required run parameter that is not given.

Expected:
    parameters.run.rows: is required by the release
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
    metadata={"name": "run"},
    spec={"id": spec.id, "release": {"version": "1.0.0"}},
)
