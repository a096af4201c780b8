"""Downloading a named corpus: its addresses, the HTTP client, the mirrors, the folder."""
