"""A version is lower than the one that was released."""

import pulumi_press as press

press.BlockSpec(
    "dashboard",
    kind="service",
    metadata={"name": "dashboard", "summary": "Shows orders."},
    config={"imageDetails": {"id": 2}},
    release={"version": "1.1.0"},
)
