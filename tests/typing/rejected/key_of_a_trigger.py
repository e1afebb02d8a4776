"""A misspelt key of a trigger in a config."""

from pulumi_press import schema

config: schema.WorkflowConfig = {
    "steps": {"load": schema.StandardStep({"command": "load", "imageRef": "base"})},
    "triggers": [{"corn": "0 0 * * *"}],  # error: corn
}
