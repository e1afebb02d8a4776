"""A key that must be there is missing."""

import pulumi_press as press

body: press.schema.BlockSpecArgs = {
    "kind": "service",
    "metadata": {"name": "dashboard"},
    "config": press.schema.ServiceConfig({"imageDetails": {"id": 1}}),
}
press.BlockSpec("dashboard", **body)
