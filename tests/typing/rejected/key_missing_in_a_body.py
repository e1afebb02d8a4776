"""A tag of a body without the name that it must have."""

from pulumi_press import schema

patch: schema.SpecPatch = {"metadata": {"tags": [{}]}}  # error: name
