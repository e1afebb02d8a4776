"""A misspelt key of an option of a parameter."""

from pulumi_press import schema

parameter: schema.Parameter = {
    "name": "size",
    "type": "number",
    "required": True,
    "options": [{"label": "Low", "value": 10}],  # error: label
}
