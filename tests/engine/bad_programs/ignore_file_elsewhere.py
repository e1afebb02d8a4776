"""An ignore file outside the folder.

Expected:
    artifact.ignore_files:
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    artifact={"path": ".", "ignore_files": ["../x"]},
)
