"""Basic authentication without a user name.

Expected:
    config.steps.run.auth.username: is required when the type is basic
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={
        "steps": {"run": {"type": "http", "method": "get", "url": "https://example.com", "auth": {"type": "basic"}}}
    },
)
