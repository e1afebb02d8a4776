"""An id where the object that holds it is wanted."""

import pulumi_press as press

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders"},
    spec="0bddb4c6-40c5-45c3-b477-fceb2c051609",  # error
)
