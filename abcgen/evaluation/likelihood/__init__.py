"""How likely held-out tunes are to a network, and to other models of text that it should beat.

The network, an n-gram and two compressors judge the same tunes in the same run. The figure is the
cross-entropy: the bits that a model needs on average to encode a character, or a note.
"""
