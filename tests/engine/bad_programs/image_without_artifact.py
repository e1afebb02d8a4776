"""An image to build, a reference to nothing, a schedule out of range and a default of another type.

Expected:
    config.steps.run.image: is built from the artifact, but there is no artifact
    config.steps.run.stepTimeout: refers to 'limit', which is not declared in parameters.build (there: none)
    config.triggers[0].cron: the minute is out of range: 0 to 59
    parameters.run[0].defaultValue: must be a text, as the type says; put it in quotes: YAML reads 12:30 as 750
"""

import pulumi_press as press

press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": "Loads"},
    config={
        "steps": {"run": {"image": {"dockerfile": "Dockerfile"}, "command": "run", "stepTimeout": "@param:limit"}},
        "triggers": [{"cron": "75 * * * *"}],
    },
    parameters={"run": [{"name": "at", "type": "string", "required": False, "defaultValue": 750}]},
)
