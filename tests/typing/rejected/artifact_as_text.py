"""The folder alone, where the object that holds it is wanted."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec",
    kind="service",
    metadata={"name": "n", "summary": "s"},
    config={"image": {"dockerfile": "Dockerfile"}},
    artifact="orders",  # error
)
