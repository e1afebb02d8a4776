"""What a program declares. Each module is loaded when its public name is first used, see `pulumi_press`."""
