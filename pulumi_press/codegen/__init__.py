"""Text of Pulumi programs: from arguments of resources to Python as a person would have written it."""
