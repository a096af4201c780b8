"""Referees: programs, most of them by other people, that say whether a tune is valid.

Each has a name, says whether it is available here, and gives for each tune None, if it is valid,
or the reason why it is not. Nothing is imported or started before it is needed.
"""

from abcgen.evaluation.referees.abc2midi import Abc2midi
from abcgen.evaluation.referees.abcjs import Abcjs
from abcgen.evaluation.referees.own import Acceptor
from abcgen.evaluation.referees.referee import Referee
from abcgen.evaluation.referees.with_music21 import Music21

__all__ = ["REFEREES", "Abc2midi", "Abcjs", "Acceptor", "Music21", "Referee"]

#: All of them.
REFEREES: tuple[Referee, ...] = (Acceptor(), Abc2midi(), Abcjs(), Music21())
