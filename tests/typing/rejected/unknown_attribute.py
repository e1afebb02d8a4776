"""An output that the resource does not have."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec", kind="service", metadata={"name": "n", "summary": "s"}, config={"imageDetails": {"id": 1}}
)
version = spec.latest_version  # error
