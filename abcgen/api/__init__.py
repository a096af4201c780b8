"""The Python face: tunes read, written, checked, and new ones made.

Its names are those of the package: ``abcgen.load``, ``abcgen.Tune``.
"""
