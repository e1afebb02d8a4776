"""How the engine reaches the core: the dynamic provider, and what its process shares."""
