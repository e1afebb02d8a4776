"""A body unpacked beside an argument that it has."""

import pulumi_press as press
from pulumi_press import schema

body: schema.DeploymentBody = {"metadata": {"name": "orders"}, "spec": {"id": "spec"}}
deployment = press.BlockDeployment("deployment", **body, metadata={"name": "again"})  # error
