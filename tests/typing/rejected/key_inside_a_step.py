"""A misspelt key deep inside a step."""

from pulumi_press import schema

step: schema.StandardStep = {
    "command": "load",
    "imageRef": "base",
    "runConfiguration": {"retryOptions": {"numberOfRetrys": 3}},  # error: numberOfRetrys
}
