"""A misspelt key of a declared parameter in a body."""

from pulumi_press import schema

body: schema.BlockSpecArgs = {
    "kind": "service",
    "metadata": {"name": "orders", "summary": "Adds up orders."},
    "config": schema.ServiceConfig({"imageDetails": {"id": 1}}),
    "parameters": {"run": [{"name": "size", "type": "number", "required": True, "default": 1}]},  # error: default
}
