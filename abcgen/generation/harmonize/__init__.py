"""Chords for given melodies.

Each bar or half bar gets the chord that its notes, those around it and its place in the form speak
for, so that one chord follows another as people write them. A small model, learned from tunes with
chords, judges both; it looks ahead, which a network that writes from left to right cannot.
"""
