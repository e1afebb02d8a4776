"""What happens to each resource: check, diff, create, read, update, delete. Knows no Pulumi.

Any plugin can serve it: values are plain, with `UNKNOWN` where the engine does not know yet.
"""
