"""abcgen itself: whether a tune is spelled as it spells them, which is valid to its end."""

from collections.abc import Sequence

from abcgen import __version__
from abcgen.evaluation.referees.referee import Referee, one_line
from abcgen.grammar.faults import complaint


class Acceptor(Referee):
    """The acceptor, by which tunes are drawn: see `abcgen.grammar.acceptor`.

    It takes one spelling only. A tune of another tunebook may well be valid and not be taken.
    """

    name = "acceptor"

    def available(self) -> str | None:
        """Return None, since it is always there."""
        return None

    def version(self) -> str:
        """Return the version of abcgen."""
        return __version__

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or what is wrong first."""
        return [self._judge_one(tune) for tune in tunes]

    def _judge_one(self, tune: str) -> str | None:
        # Blank lines behind it belong to the tunebook.
        fault = complaint(tune.rstrip("\n") + "\n")
        return None if fault is None else one_line(str(fault))
