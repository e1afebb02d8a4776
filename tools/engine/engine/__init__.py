"""Where the Pulumi engine of the real-engine tests and of the examples comes from. Standard library only."""
