"""What tells a network's tunes from people's: classifiers, and plain shares beside each other.

Nothing here is loaded by sampling. `shares` needs no more than the tunes; the classifiers need
scikit-learn, of the extra `evaluate`.
"""
