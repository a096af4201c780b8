"""What networks, recipes and rules are worth; each module is a command of its own."""
