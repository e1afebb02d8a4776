"""A misspelt key of metadata in a body."""

from pulumi_press import schema

body: schema.BlockSpecArgs = {
    "kind": "service",
    "metadata": {"name": "orders", "summary": "Adds up orders.", "titel": "Orders"},  # error: titel
    "config": schema.ServiceConfig({"imageDetails": {"id": 1}}),
}
