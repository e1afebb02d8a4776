"""A misspelt key of the timeouts."""

from pulumi_press import schema

arguments: schema.BlockDeploymentArgs = {
    "metadata": {"name": "orders"},
    "spec": {"id": "spec"},
    "timeouts": {"updates": "20m"},  # error: updates
}
