"""An artifact path that leads to a file.

Expected:
    artifact.path:
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    artifact={"path": "__main__.py"},
)
