"""A shape that there is not."""

import pulumi_press as press

arguments: press.schema.BlockSpecArguments  # error
