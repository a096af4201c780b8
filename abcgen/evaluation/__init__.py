"""Tunes and networks judged: validity, novelty, likelihood, and likeness to tunes by people."""
