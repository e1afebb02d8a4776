"""The files that the service's own `peak` command reads, as arguments of the resources. Knows no Pulumi and no API.

Files are rendered as Jinja templates in a sandbox, read as YAML, and flattened. What the command drops or changes
without a word is refused here.
"""
