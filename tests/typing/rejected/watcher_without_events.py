"""A watcher that is told of nothing."""

from pulumi_press import schema

watcher: schema.Watcher = {"user": "me@example.com"}  # error: events
