"""Numbers where the environment wants texts."""

from pulumi_press import schema

environment: dict[str, int] = {"SIZE": 1000}
image: schema.Image = {"buildArguments": environment}  # error
