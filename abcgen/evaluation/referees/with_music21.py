"""music21, as a reader of ABC."""

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from abcgen.evaluation.referees.adding_up import FINEST, BarLine, Meter, bar_complaint
from abcgen.evaluation.referees.referee import Referee, one_line

#: Quarter notes that a note lasts at most: of a bar that is longer than any bar, music21 looks for
#: a metre, and lists all its divisions until memory is full.
_LONGEST_NOTE = 1000


class Music21(Referee):
    """music21, which is to read the tune without a warning; and the bars as it reads them.

    The lengths of notes and the bar lines are taken from music21's tokens
    (``music21.abcFormat.ABCHandler.tokens``, tuplets, broken rhythm and grace notes applied) and
    added up here, see `bar_complaint`. Its score is made of them too, since that may fail, but
    not looked into: on the way there music21 splits bars that are too long, and what was written
    could not be told any more.

    Notes
    -----
    music21 knows no rest of whole bars (``Z``) and no invisible one (``x``), and leaves them out:
    it has such bars for too short. A field within a line (``[M:3/4]``) is not read, and a capital
    letter before ``::`` or another colon but ``:|`` is taken for a field (``G::``), so that the
    rest of the line is lost. Of endings it knows the first and second.
    """

    name = "music21"

    def available(self) -> str | None:
        """Return None if music21 can be imported."""
        import importlib.util

        if importlib.util.find_spec(self.name):
            return None
        return "music21 is not installed: pip install music21"

    def version(self) -> str:
        """Return the version of the package."""
        import importlib.metadata

        return importlib.metadata.version(self.name)

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or why music21 cannot read it, or what is wrong with a bar."""
        return [self._judge_one(tune) for tune in tunes]

    def _judge_one(self, tune: str) -> str | None:
        from music21.abcFormat import ABCFile
        from music21.abcFormat.translate import abcToStreamScore

        warned = io.StringIO()
        try:
            with contextlib.redirect_stderr(warned), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's, about code; music21's own are others
                handler = ABCFile().readstr(tune)
                longest = max((getattr(t, "quarterLength", 0) for t in handler.tokens), default=0)
                if longest > _LONGEST_NOTE:
                    return f"a note lasts {float(longest):.15g} quarter notes"
                abcToStreamScore(handler)
                # Its warnings ("assuming C") say what it made up.
                if text := warned.getvalue():
                    return one_line(text)
                return bar_complaint(_music21_symbols(handler.tokens))
        except Exception as error:  # whatever music21 raises, it could not read the tune
            return one_line(f"{type(error).__name__}: {error}")


def _music21_symbols(tokens: Iterable[Any]) -> Iterator[Fraction | Meter | BarLine]:
    """Yield what music21's tokens say."""
    from music21.abcFormat import ABCBar, ABCMetadata, ABCNote

    for token in tokens:
        if isinstance(token, ABCNote) and not token.inGrace:
            length = Fraction(token.quarterLength) / 4
            if token.activeTuplet is not None:
                length *= Fraction(token.activeTuplet.tupletMultiplier())
            yield length.limit_denominator(FINEST)
        elif isinstance(token, ABCMetadata) and token.isMeter():
            meter = token.getTimeSignatureObject()
            full = meter and Fraction(meter.barDuration.quarterLength) / 4
            yield Meter(full)
        elif isinstance(token, ABCBar) and token.src != ":":  # that one is for it a dotted line
            yield BarLine(
                opens=token.src == "|:",
                closes=token.src == ":|",
                double=token.src in ("||", "|]", "[|"),
                ending=bool(token.isRepeatBracket()),
                drawn=not token.isRepeatBracket(),
            )
