"""The inside of a bar, character by character: a class for each phase, for what was read last.

Each place in a bar, an `InBar`, says which characters may follow (`allowed`), what each leads to
(`after`), and which leads to an end of the bar soonest (`shortest`). A character leads to another
place in the bar, or to an `abcgen.grammar.bar.Exit` where a bar line begins.
"""

from abcgen.grammar.bar.base import InBar
from abcgen.grammar.bar.between import AfterChordSymbol, ChordSymbol, Space, Tied
from abcgen.grammar.bar.groups import MOST_IN_GROUP, AfterGroup, Group, GroupAccidental
from abcgen.grammar.bar.sounds import Accidental, Broken, Note, Rest, Tuplet, TupletNumber
from abcgen.grammar.bar.start import Start

__all__ = [
    "MOST_IN_GROUP",
    "Accidental",
    "AfterChordSymbol",
    "AfterGroup",
    "Broken",
    "ChordSymbol",
    "Group",
    "GroupAccidental",
    "InBar",
    "Note",
    "Rest",
    "Space",
    "Start",
    "Tied",
    "Tuplet",
    "TupletNumber",
]
