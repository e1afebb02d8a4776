"""Read what the engine wrote: formats, operations, masking of secrets."""
