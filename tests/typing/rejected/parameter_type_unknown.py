"""A type of parameter that there is not."""

from pulumi_press import schema

parameter: schema.Parameter = {"name": "day", "type": "date", "required": True}  # error
