"""A step whose parent does not exist.

Expected:
    config.steps.run.parents[0]: names no step: 'load'
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"command": "run", "imageDetails": {"id": 1}, "parents": ["load"]}}},
)
