"""Tunes compared by what they sound: near-duplicates, shared runs, features."""
