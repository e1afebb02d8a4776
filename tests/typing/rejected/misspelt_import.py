"""A public name with a letter missing."""

from pulumi_press import BlockSpce  # error

spec = BlockSpce
