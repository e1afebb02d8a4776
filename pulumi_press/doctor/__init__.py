"""Looking for what keeps a program from working here: the command `pulumi-press doctor`."""
