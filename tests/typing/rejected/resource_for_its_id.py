"""A resource where its id is wanted."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec", kind="service", metadata={"name": "n", "summary": "s"}, config={"imageDetails": {"id": 1}}
)
deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders"},
    spec={"id": spec},  # error
)
