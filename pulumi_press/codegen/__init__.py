"""Writes Pulumi programs: from arguments of resources to Python that looks as if written by hand."""
