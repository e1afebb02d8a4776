"""A key of the body is in snake case."""

import pulumi_press as press

body: press.schema.BlockSpecArgs = {
    "kind": "service",
    "metadata": {"name": "dashboard", "summary": "Shows orders.", "image_url": "https://pictures.example/d.png"},
    "config": press.schema.ServiceConfig({"imageDetails": {"id": 1}}),
}
press.BlockSpec("dashboard", **body)
