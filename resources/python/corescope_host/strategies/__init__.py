"""How the work is spread: one module per strategy."""
