"""abcgen's own grammar as a referee: a tune is valid if abcgen could have generated it."""

from collections.abc import Sequence

from abcgen import __version__
from abcgen.evaluation.referees.referee import Referee, one_line
from abcgen.grammar.faults import complaint


class Acceptor(Referee):
    """The acceptor that generated tunes follow: see `abcgen.grammar.acceptor`.

    It accepts a single spelling. Tunes of other tunebooks are often refused although they are
    valid ABC.
    """

    name = "acceptor"

    def available(self) -> str | None:
        """Return None: it is part of abcgen."""
        return None

    def version(self) -> str:
        """Return the version of abcgen."""
        return __version__

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or its first fault."""
        return [self._judge_one(tune) for tune in tunes]

    def _judge_one(self, tune: str) -> str | None:
        # Blank lines after the tune belong to the tunebook.
        fault = complaint(tune.rstrip("\n") + "\n")
        return None if fault is None else one_line(str(fault))
