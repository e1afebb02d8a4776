"""A method as other tools write it."""

from pulumi_press import schema

step: schema.HttpStep = {"type": "http", "method": "GET", "url": "https://hooks.example"}  # error
