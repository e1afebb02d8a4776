"""A timeout without a unit.

Expected:
    timeouts.create: must look like 20m or 1h30m
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
    parameters={"run": {"rows": 1}},
    timeouts={"create": "20"},
)
