"""Taking over what is there already: the commands `pulumi-press import` and `pulumi-press convert`."""
