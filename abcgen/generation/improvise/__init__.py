"""Melodies over given chords.

The network writes the notes; bar lines, repeats and chord symbols are those of a chart. It reads
simpler chords than are written, in a key that it knows well, and the tune is moved afterwards.
"""
