"""A step that does nothing."""

from pulumi_press import schema

step: schema.StandardStep = {"imageRef": "base"}  # error: command
