"""A step with two images.

Expected:
    config.steps.run: has imageRef and imageDetails; give only one of image, imageRef or imageDetails
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"images": {"a": {}}, "steps": {"run": {"command": "run", "imageRef": "a", "imageDetails": {"id": 1}}}},
)
