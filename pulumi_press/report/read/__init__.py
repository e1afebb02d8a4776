"""What the engine wrote: its formats, without secrets."""
