"""A step that names an image which is not declared.

Expected:
    config.steps.run.imageRef: names no image: 'bsae' is not in config.images (there: base)
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"images": {"base": {}}, "steps": {"run": {"command": "run", "imageRef": "bsae"}}},
)
