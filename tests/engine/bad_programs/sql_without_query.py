"""An SQL step without a query.

Expected:
    config.steps.run: needs sqlQueryPath or repository
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"type": "sql"}}},
)
