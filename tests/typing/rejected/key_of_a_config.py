"""A misspelt key of a config in a body."""

from pulumi_press import schema

body: schema.BlockSpecArgs = {
    "kind": "service",
    "metadata": {"name": "orders", "summary": "Adds up orders."},
    "config": schema.ServiceConfig({"imageDetails": {"id": 1}, "scaleToZeroo": True}),  # error: scaleToZeroo
}
