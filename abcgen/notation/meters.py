"""Compound metres and tuplets, apart from what needs fractions: sampling must start at once."""

#: Metres that count in dotted beats.
COMPOUND_METERS = frozenset({"6/8", "9/8", "12/8"})
#: Notes in a tuplet -> the notes in whose time they are played (ABC standard 2.1, section 4.13).
#: The other ones (5, 7, 9) take the time of 3 in compound metres, and else of 2.
TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}


def is_compound(meter: str) -> bool:
    """Return whether a metre counts in dotted beats (6/8, 9/8, 12/8)."""
    return meter in COMPOUND_METERS
