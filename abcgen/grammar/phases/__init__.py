"""The inside of a bar, character by character: a class for each phase, for what was read last.

Each place in a bar, an `InBar`, says which characters may follow (`allowed`), what each leads to
(`after`), and which leads to an end of the bar soonest (`shortest`). A character leads to another
place in the bar, or to an `abcgen.grammar.bar.Exit` where a bar line begins.
"""

from abcgen.grammar.phases.base import InBar
from abcgen.grammar.phases.between import Chord, Chorded, Space, Tied
from abcgen.grammar.phases.groups import MOST_IN_GROUP, Group, GroupAccidental, Grouped
from abcgen.grammar.phases.sounds import Accidental, Broken, Note, Number, Rest, Tuplet
from abcgen.grammar.phases.start import Start

__all__ = [
    "MOST_IN_GROUP",
    "Accidental",
    "Broken",
    "Chord",
    "Chorded",
    "Group",
    "GroupAccidental",
    "Grouped",
    "InBar",
    "Note",
    "Number",
    "Rest",
    "Space",
    "Start",
    "Tied",
    "Tuplet",
]
