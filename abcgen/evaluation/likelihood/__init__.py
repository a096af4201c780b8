"""How likely held-out tunes are to a network, and to models of text that it should beat.

The network, an n-gram and two compressors are given the same tunes in the same run. The figure is
bits: what it takes on average to tell a character, or a note, to one who knows the model.
"""
