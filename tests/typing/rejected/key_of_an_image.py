"""A misspelt key of an image in a config."""

from pulumi_press import schema

config: schema.WorkflowConfig = {
    "images": {"base": {"dockerFile": "Dockerfile"}},  # error: dockerFile
    "steps": {"load": schema.StandardStep({"command": "load", "imageRef": "base"})},
}
