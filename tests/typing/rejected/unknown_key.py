"""A key that metadata does not have."""

import pulumi_press as press

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders", "imageURL": "https://pictures.example"},  # error
    spec={"id": "spec"},
)
