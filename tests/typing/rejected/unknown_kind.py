"""A kind that there is not."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec",
    kind="app",  # error
    metadata={"name": "n", "summary": "s"},
    config={"imageDetails": {"id": 1}},
)
