"""An argument that only its name tells."""

import pulumi_press as press

run = press.BlockDeployment("run", {"name": "run"}, metadata={"name": "run"}, spec={"id": "spec"})  # error
