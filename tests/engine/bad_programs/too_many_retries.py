"""More retries than there can be.

Expected:
    config.steps.run.runConfiguration.retryOptions.numberOfRetries: should be less than or equal to 5
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={
        "steps": {
            "run": {
                "command": "run",
                "imageDetails": {"id": 1},
                "runConfiguration": {"retryOptions": {"numberOfRetries": 9}},
            }
        }
    },
)
