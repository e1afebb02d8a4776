"""A step of a type that there is not."""

from pulumi_press import schema

config: schema.WorkflowConfig = {"steps": {"load": {"type": "ftp", "url": "ftp://files.example"}}}  # error
