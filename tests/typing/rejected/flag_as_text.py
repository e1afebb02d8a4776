"""A text where true or false is wanted."""

import pulumi_press as press

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders"},
    spec={"id": "spec"},
    wait="no",  # error
)
