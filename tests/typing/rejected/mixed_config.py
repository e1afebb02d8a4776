"""Keys of a workflow and of a service in one config."""

from pulumi_press import schema

config: schema.Config = {"steps": {"load": {"command": "load"}}, "serviceType": "api"}  # error
