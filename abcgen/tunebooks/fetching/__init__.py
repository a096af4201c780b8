"""How a named corpus is had: its addresses, the bounded client, the mirrors, the folder."""
