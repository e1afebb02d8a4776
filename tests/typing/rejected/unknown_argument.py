"""An argument that the resource does not have."""

import pulumi_press as press

spec: press.schema.DeploymentSpec = {"id": "spec"}
run = press.BlockDeployment("run", metadata={"name": "run"}, spec=spec, autoRunOnDeploy=True)  # error: autoRunOnDeploy
