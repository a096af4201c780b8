"""Referees: programs, most of them by other people, that say whether a tune is valid.

Each has a name, says whether it can be had here, and gives for each tune None, which is valid,
or a reason. Nothing is imported or started before it is asked.
"""

from abcgen.evaluation.referees.abc2midi import Abc2midi
from abcgen.evaluation.referees.abcjs import Abcjs
from abcgen.evaluation.referees.own import Acceptor
from abcgen.evaluation.referees.referee import Referee
from abcgen.evaluation.referees.with_music21 import Music21

__all__ = ["REFEREES", "Abc2midi", "Abcjs", "Acceptor", "Music21", "Referee"]

#: All of them.
REFEREES: tuple[Referee, ...] = (Acceptor(), Abc2midi(), Abcjs(), Music21())
