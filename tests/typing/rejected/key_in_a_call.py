"""A misspelt key of a step, named by its shape in the call itself."""

import pulumi_press as press

spec = press.BlockSpec(
    "spec",
    kind="workflow",
    metadata={"name": "n", "summary": "s"},
    config={"steps": {"load": press.schema.StandardStep({"command": "load", "imageReff": "base"})}},  # error: imageReff
)
