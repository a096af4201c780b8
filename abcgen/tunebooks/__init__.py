"""Tunebooks: where they are, how they are downloaded, what is in them."""
