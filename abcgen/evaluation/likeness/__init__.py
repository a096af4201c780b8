"""How good a network's own tunes are: how valid, how new, and how like those of a corpus.

It writes some by the rules of ABC (masked) and as many without them (raw). The figures stand beside
those of tunes by people, since no figure says anything alone.
"""
