"""A misspelt key of the events of a watcher."""

from pulumi_press import schema

config: schema.WorkflowConfig = {
    "steps": {"load": schema.StandardStep({"command": "load", "imageRef": "base"})},
    "watchers": [{"user": "me@example.com", "events": {"failed": True}}],  # error: failed
}
