"""Values of parameters of a kind that there is not."""

from pulumi_press import schema

body: schema.DeploymentBody = {
    "metadata": {"name": "orders"},
    "spec": {"id": "spec"},
    "parameters": {"runs": {"size": 1}},  # error: runs
}
