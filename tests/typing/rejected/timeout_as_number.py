"""A time in numbers, without its unit."""

import pulumi_press as press

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders"},
    spec={"id": "spec"},
    timeouts={"create": 20},  # error
)
