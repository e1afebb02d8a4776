"""A step of a type that does not exist.

Expected:
    config.steps.run.type: must be 'standard', 'http', 'export' or 'sql'
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"type": "bash", "command": "run"}}},
)
