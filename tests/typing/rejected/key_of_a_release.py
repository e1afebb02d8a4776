"""A misspelt key of a release in a body."""

from pulumi_press import schema

body: schema.ReleaseBody = {
    "release": {"version": "1.0.0", "note": "first"},  # error: note
    "config": schema.ServiceConfig({"imageDetails": {"id": 1}}),
}
