"""An argument that may be left out, where a text is wanted."""

import pulumi

import pulumi_press as press

spec = press.BlockSpec(
    "spec", kind="service", metadata={"name": "n", "summary": "s"}, config={"imageDetails": {"id": 1}}
)
scope: pulumi.Output[str] = spec.scope  # error
