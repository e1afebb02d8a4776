"""Metadata without the summary that a spec must have."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec",
    kind="service",
    metadata={"name": "n"},  # error
    config={"imageDetails": {"id": 1}},
)
