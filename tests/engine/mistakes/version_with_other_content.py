"""The content changed, and the version did not."""

import pulumi_press as press

press.BlockSpec(
    "dashboard",
    kind="service",
    metadata={"name": "dashboard", "summary": "Shows orders."},
    config={"imageDetails": {"id": 2}},
    release={"version": "1.2.0"},
)
