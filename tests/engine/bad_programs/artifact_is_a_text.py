"""A text in the place of an artifact.

Expected:
    artifact: must be an object, not a text
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    artifact="orders",
)
