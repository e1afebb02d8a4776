"""A workflow without steps.

Expected:
    config.steps: must not be empty
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {}},
)
