"""A scope that there is not."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec",
    kind="service",
    metadata={"name": "n", "summary": "s"},
    config={"imageDetails": {"id": 1}},
    scope="tenant",  # error
)
