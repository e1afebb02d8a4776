"""Two steps that wait for each other.

Expected:
    config.steps.a.parents: form a circle
    config.steps.b.parents: form a circle
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={
        "steps": {
            "a": {"imageDetails": {"id": 1}, "command": "a", "parents": ["b"]},
            "b": {"imageDetails": {"id": 1}, "command": "b", "parents": ["a"]},
        }
    },
)
