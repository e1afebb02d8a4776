"""A deployment without its spec."""

import pulumi_press as press

deployment = press.BlockDeployment("deployment", metadata={"name": "orders"})  # error
