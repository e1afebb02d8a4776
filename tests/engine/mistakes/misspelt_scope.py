"""A word of a choice is misspelt."""

import pulumi_press as press

press.BlockSpec(
    "dashboard",
    kind="service",
    metadata={"name": "dashboard", "summary": "Shows orders."},
    config={"imageDetails": {"id": 1}},
    scope="privat",
)
