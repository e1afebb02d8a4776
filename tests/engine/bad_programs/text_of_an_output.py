"""An f-string of an output.

Expected:
    metadata.name: holds the text that Python writes for an output, not its value
"""

import pulumi

import pulumi_press as press

name = pulumi.Output.from_input("api")
press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": f"{name}-1", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
)
