"""A misspelt key of a step in a config."""

from pulumi_press import schema

config: schema.WorkflowConfig = {
    "steps": {
        "load": schema.StandardStep({"command": "load", "imageRef": "base", "stepTimout": 600}),  # error: stepTimout
    },
}
