"""Solos over chords by a network that has learned values (`abcgen.melodies.solo`).

`drawing` draws the values, `notes` plays them over the chords and mends what does not sound well,
`writing` writes them as a tune.
"""
