"""An HTTP step with a method that does not exist.

Expected:
    config.steps.run.method: must be 'get'
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={"steps": {"run": {"type": "http", "method": "GET", "url": "https://example.com"}}},
)
