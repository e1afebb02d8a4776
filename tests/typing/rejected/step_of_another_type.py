"""One step's key in a step of another type."""

from pulumi_press import schema

step: schema.SqlStep = {"type": "sql", "command": "run"}  # error: command
