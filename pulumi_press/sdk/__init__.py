"""What a program imports. Each module is loaded on first use of a public name, see `pulumi_press`."""
