"""A deployment's body where a release's is wanted."""

import pulumi_press as press
from pulumi_press import schema

body: schema.DeploymentBody = {"metadata": {"name": "orders"}, "spec": {"id": "spec"}}
release = press.BlockSpecRelease("release", spec_id="spec", **body)  # error
