"""A step that waits for itself.

Expected:
    config.steps.run.parents[0]: names the step itself
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"command": "run", "imageDetails": {"id": 1}, "parents": ["run"]}}},
)
