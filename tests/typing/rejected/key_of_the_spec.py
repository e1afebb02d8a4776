"""A misspelt key of the spec that a deployment runs."""

from pulumi_press import schema

body: schema.BlockDeploymentArgs = {
    "metadata": {"name": "orders"},
    "spec": {"id": "spec", "release": {"versoin": "1.0.0"}},  # error: versoin
}
