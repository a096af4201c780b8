"""How good a network's own tunes are: how valid, how new, and how like those of a corpus.

The network writes some tunes under the grammar of ABC (masked) and as many without it (raw). All
figures are compared with those of tunes by people, since no figure says anything alone.
"""
