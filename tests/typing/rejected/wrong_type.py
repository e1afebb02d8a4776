"""A number where a text is wanted."""

import pulumi_press as press

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders", "title": 3},  # error
    spec={"id": "spec"},
)
