"""A misspelt key of a tag in a body."""

from pulumi_press import schema

body: schema.DeploymentBody = {
    "metadata": {"name": "orders", "tags": [{"name": "team-a", "colour": "red"}]},  # error: colour
    "spec": {"id": "spec"},
}
