"""A misspelt key of a revision in a body."""

from pulumi_press import schema

body: schema.DeploymentBody = {
    "metadata": {"name": "orders"},
    "spec": {"id": "spec"},
    "revision": {"note": "first"},  # error: note
}
