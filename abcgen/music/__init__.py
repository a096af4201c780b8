"""A tune as it sounds: notes, accompaniment, tempo, instruments."""
