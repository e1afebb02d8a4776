"""A version has two numbers."""

import pulumi_press as press

press.BlockSpec(
    "dashboard",
    kind="service",
    metadata={"name": "dashboard", "summary": "Shows orders."},
    config={"imageDetails": {"id": 1}},
    release={"version": "1.0"},
)
