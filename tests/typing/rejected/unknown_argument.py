"""An argument that the resource does not have."""

import pulumi_press as press

run = press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": "spec"}, autoRunOnDeploy=True)  # error
