"""An artifact folder that is not there.

Expected:
    artifact.path: The artifact folder
    does not exist
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    artifact={"path": "nowhere"},
)
