"""A path in the place of an artifact.

Expected:
    artifact: is a PosixPath, which JSON does not have
"""

from pathlib import Path

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
    artifact=Path("orders"),
)
