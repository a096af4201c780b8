"""Tunebooks: where they are, how they are fetched, what is in them."""
