"""The command `pulumi-press doctor`: checks of this machine, the project and the service."""
