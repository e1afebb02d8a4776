"""Writes programs for what exists already: the commands `pulumi-press import` and `pulumi-press convert`."""
