"""A misspelt key of an artifact in a body."""

from pulumi_press import schema

body: schema.ReleaseArgs = {
    "release": {"version": "1.0.0"},
    "config": schema.ServiceConfig({"image": {"dockerfile": "Dockerfile"}}),
    "artifact": {"path": "api", "ignoreFiles": [".dockerignore"]},  # error: ignoreFiles
}
