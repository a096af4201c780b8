"""What networks, recipes and the grammar are worth; each module is a command of its own."""
