"""The id of a spec stands where an object with it is wanted."""

import pulumi_press as press

press.BlockDeployment(
    "orders-production",
    metadata={"name": "daily-orders-production"},
    spec="0bddb4c6-40c5-45c3-b477-fceb2c051609",
)
