"""Reads the files of the `peak` command as arguments of the resources. Independent of Pulumi and of the API client.

A file is rendered as a Jinja template in a sandbox, parsed as YAML, and flattened. What the command would drop or
change without a warning is an error here.
"""
