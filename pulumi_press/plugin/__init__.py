"""How the engine reaches the core. Each module is loaded when it is needed."""
