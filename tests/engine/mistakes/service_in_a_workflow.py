"""The config is that of another kind."""

import pulumi_press as press

press.BlockSpec(
    "dashboard",
    kind="workflow",
    metadata={"name": "dashboard", "summary": "Shows orders."},
    config={"serviceType": "web-app", "imageDetails": {"id": 1}},
)
