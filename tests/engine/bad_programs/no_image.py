"""A step without an image.

Expected:
    config.steps.run: needs image, imageRef or imageDetails
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"command": "run"}}},
)
