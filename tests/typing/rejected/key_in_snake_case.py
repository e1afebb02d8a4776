"""A key of a step in snake case."""

from pulumi_press import schema

step: schema.StandardStep = {"command": "run", "image_ref": "base"}  # error: image_ref
