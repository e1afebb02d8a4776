"""The HTTP API of Press Blocks: its routes, what each reads, does and responds."""
