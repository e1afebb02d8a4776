"""An output of a number where one of a text is wanted."""

import pulumi_press as press

first = press.BlockDeployment("first", metadata={"name": "first"}, spec={"id": "spec"})
second = press.BlockDeployment(
    "second",
    metadata={"name": first.revision_number},  # error
    spec={"id": "spec"},
)
