"""An instance type given as a text.

Expected:
    config.steps.run.resources.instanceTypeId: must be a whole number, not a text
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"command": "run", "imageDetails": {"id": 1}, "resources": {"instanceTypeId": "21"}}}},
)
