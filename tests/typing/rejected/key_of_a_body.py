"""A misspelt key of a body itself."""

from pulumi_press import schema

body: schema.DeploymentBody = {"metadata": {"name": "orders"}, "spec": {"id": "spec"}, "revison": {}}  # error: revison
