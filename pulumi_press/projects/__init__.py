"""New projects: `pulumi-press new`, and the templates, which `pulumi new` reads too."""
