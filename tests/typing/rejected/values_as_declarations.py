"""Declared parameters where their values are wanted."""

import pulumi_press as press

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders"},
    spec={"id": "spec"},
    parameters={"run": [{"name": "size", "type": "number", "required": True}]},  # error
)
