"""A wrong key far down in a config."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec",
    kind="workflow",
    metadata={"name": "n", "summary": "s"},
    config={"steps": {"load": {"command": "load", "imageDetails": {"ID": 1}}}},  # error
)
