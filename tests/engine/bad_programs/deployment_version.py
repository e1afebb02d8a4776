"""A deployment of a version that is none.

Expected:
    spec.release.version: 'latest' is not a semantic version
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
    spec={"id": spec.id, "release": {"version": "latest"}},
    parameters={"run": {"rows": 1}},
)
