"""music21, the Python library, as a reader of ABC."""

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from abcgen.evaluation.referees.adding_up import FINEST, BarLine, Meter, bar_complaint
from abcgen.evaluation.referees.referee import Referee, one_line

#: The longest note that music21 is given, in quarter notes. For a bar that long, music21 invents a
#: metre and lists all its divisions, until memory is full.
_LONGEST_NOTE = 1000


class Music21(Referee):
    """music21: a tune is valid if it is read without a warning, and its bars add up.

    The lengths of notes and the bar lines are taken from music21's tokens
    (``music21.abcFormat.ABCHandler.tokens``, with tuplets, broken rhythm and grace notes applied)
    and added up here, see `bar_complaint`. music21 also makes its score of them, since that may
    fail, but bars cannot be measured there: music21 splits those that are too long.

    Notes
    -----
    music21 does not know the rest of whole bars (``Z``) and the invisible rest (``x``). It leaves
    them out, so that their bars seem too short. It does not read a field within a line
    (``[M:3/4]``). A capital letter before ``::`` or any other colon except that of ``:|`` is taken
    for a field (``G::``), and the rest of the line is lost. It knows first and second endings only.
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
                warnings.simplefilter("ignore")  # about code; those about the tune go to stderr
                handler = ABCFile().readstr(tune)
                longest = max((getattr(t, "quarterLength", 0) for t in handler.tokens), default=0)
                if longest > _LONGEST_NOTE:
                    return f"a note lasts {float(longest):.15g} quarter notes"
                abcToStreamScore(handler)
                # A warning ("assuming C") says that music21 had to guess.
                if text := warned.getvalue():
                    return one_line(text)
                return bar_complaint(_symbols_of(handler.tokens))
        except Exception as error:  # music21 raises exceptions of many kinds
            return one_line(f"{type(error).__name__}: {error}")


def _symbols_of(tokens: Iterable[Any]) -> Iterator[Fraction | Meter | BarLine]:
    """Yield the symbols of a tune from music21's tokens."""
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
        elif (
            isinstance(token, ABCBar) and token.src != ":"
        ):  # which music21 takes for a dotted line
            yield BarLine(
                opens=token.src == "|:",
                closes=token.src == ":|",
                double=token.src in ("||", "|]", "[|"),
                ending=bool(token.isRepeatBracket()),
                drawn=not token.isRepeatBracket(),
            )
