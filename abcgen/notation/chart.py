"""Chord charts: the chords of a piece by bars, with its repeats and endings.

    |: G | C D7 :| Em | % | Am7 / / D7 | G |]

Bars are parted by ``|``; the chords of one bar share it evenly. ``/`` or ``.`` holds the chord for
as long as another would take, and ``%`` is a bar with the chords of the bar before. Without any
``|`` each chord has a bar of its own. A bar with nothing in it is like ``%``. ``x3`` plays what
was repeated, or else the line, three times. D.C., D.S., Fine and Coda are played out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.notation.chart_text import LABEL, bare, only_chords
from abcgen.notation.chord_symbols import is_silent, read_chord
from abcgen.notation.jumps import mark_of, words_of

#: What a chart may hold: a bar line with or without an ending, an ending, or a word.
_PIECE = re.compile(
    rf"(?P<label>{LABEL})"
    r"|(?P<mark>(?:D\.\s?[CS]\b\.?|D[CS]\b|(?i:da\s+capo|dal\s+segno))(?i:\s+al\s+(?:fine|coda))?"
    r"|(?i:to\s+coda|fine|coda|segno)\b)"
    r"|\(?[x\u00d7]\s?(?P<times>\d\d?)\)?(?=[\s|]|$)|\(?(?P<count>\d\d?)[x\u00d7]\)?(?=[\s|]|$)"
    r"|(?P<line>:?\|+[\]:]*\|?:?|\[\||::|:\|:)(?:(?P<glued>[123])(?=[.\s])\.?)?"
    r"|\[(?P<ending>[123])[.,]?|(?P<word>[^\s|:\[\]]+)|(?P<wrong>\S)"
)
#: The number of an ending that stands apart from its bar line: ``| 1. D7 :|``.
_APART = re.compile(r"([123])[.)]")
_METER = re.compile(r"\d{1,2}/\d{1,2}")
_HOLD = frozenset("/.-\u2013\u2014")
#: What may stand between chords where there are no bar lines: G - C - D.
_PARTING = frozenset("-\u2013\u2014>\u2192")
#: A chord that is held for so many times: ``G///``.
_HELD = re.compile(r"(.*?)([/.]+)")
_SAME = "%"
_MOST_ENDINGS = 2
#: Bars that a chart may have once all that is played again is written out.
_MOST_BARS = 2000
_TWO_IN_WORD = re.compile(r"-(?=[A-G])|_")


class Symbol(NamedTuple):
    """A chord symbol of a bar.

    Attributes
    ----------
    place : Fraction
        Where it stands: the part of the bar before it, from 0 to below 1.
    chord : str
        As `abcgen.notation.chords.spell_chord` spells it.
    """

    place: Fraction
    chord: str


#: The symbols of a bar, in order.
ChartBar = tuple[Symbol, ...]


@dataclass(frozen=True)
class ChartSection:
    """Bars that are played once or, if `repeated`, twice; then with or without two endings."""

    bars: tuple[ChartBar, ...]
    repeated: bool = False
    endings: tuple[tuple[ChartBar, ...], ...] = ()

    def written(self) -> Iterator[ChartBar]:
        """Yield each bar once."""
        yield from self.bars
        for ending in self.endings:
            yield from ending


@dataclass(frozen=True)
class Chart:
    """The chords of a piece.

    Attributes
    ----------
    sections : tuple of ChartSection
        In order.
    meter, key : str
        As the source names them; empty where it does not.
    respelled : tuple of (str, str)
        Each symbol that could not be kept as it is, and what stands for it; for ``N.C.`` nothing.
    words : tuple of str
        The lines that were left out as words that are sung, a title or the like.
    """

    sections: tuple[ChartSection, ...]
    meter: str = ""
    key: str = ""
    respelled: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()

    def written(self) -> Iterator[ChartBar]:
        """Yield each bar once, in the order in which they are written."""
        for section in self.sections:
            yield from section.written()

    def chords(self) -> list[str]:
        """Return the chords in the order in which they are written."""
        return [symbol.chord for bar in self.written() for symbol in bar]

    def times(self, count: int) -> "Chart":
        """Return the chart this many times over."""
        return replace(self, sections=self.sections * count)


def read_chart(text: str) -> Chart:
    """Read a chart.

    Raises
    ------
    NotationError
        If a word is no chord (the message names it and its place), the metre changes, repeats and
        endings do not fit together, or there are no chords.
    """
    text, words = only_chords(text)
    reader = _Reader("|" in text)
    for number, line in enumerate(text.split("\n"), start=1):
        for piece in _PIECE.finditer(line):
            where = (
                f"line {number}, column {piece.start() + 1}"
                if "\n" in text.strip()
                else (f"character {piece.start() + 1}")
            )
            reader.read(piece, where)
        reader.end_line()
    return replace(reader.chart(), words=words)


class _Reader:
    """Reads a chart piece by piece."""

    def __init__(self, lined: bool) -> None:
        self._lined = lined
        self._sections: list[ChartSection] = []
        self._bars: list[ChartBar] = []
        self._endings: list[list[ChartBar]] = []
        self._words: list[str] = []
        self._repeated = False
        self._meter = ""
        self._last: ChartBar = ()
        self._begun = False  # whether a chord, or a silence of chords, has been read
        self._respelled: dict[str, str] = {}
        self._before = ""  # the bar line that is the piece before, in this line
        self._line_begun = 0  # the bars of the section before this line
        self._marks: dict[str, int] = {}  # segno and the like -> the sections before it

    def read(self, piece: re.Match[str], where: str) -> None:
        """Read a piece, which stands there."""
        line, count = piece["line"] or "", piece["times"] or piece["count"]
        label = (piece["label"] or "").strip(" \t[]:")
        mark = mark_of(piece["mark"] or label)
        apart = _APART.fullmatch(piece["word"] or "") if self._before else None
        if line:
            if line == self._before == "|" and self._begun:
                self._words = [_SAME]
            self._line(line, where)
        if mark:
            self._mark(mark, where)
        elif label:
            self._end_bar()
            if not self._repeated or len(self._endings) > 1:
                self._end_section()
        elif count:
            self._times(int(count), where)
        elif piece["ending"] or piece["glued"] or apart:
            self._ending(int(piece["ending"] or piece["glued"] or apart[1]), where)  # type: ignore[index]
        elif piece["wrong"]:
            raise NotationError(f"{piece['wrong']!r} at {where} of the chords is no bar line")
        elif piece["word"] and (self._lined or piece["word"] not in _PARTING):
            self._word(piece["word"].rstrip(",;"), where)
        self._before = line

    def end_line(self) -> None:
        """End a line, which ends its bar."""
        if self._lined:
            self._end_bar()
        self._before, self._line_begun = "", len(self._bars)

    def chart(self) -> Chart:
        """Return what has been read."""
        self._end_bar()
        self._end_section()
        chart = Chart(tuple(self._sections), self._meter, respelled=tuple(self._respelled.items()))
        if not chart.chords():
            raise NotationError("there are no chords: expected some such as G | C D7 | G")
        return chart

    def _word(self, word: str, where: str) -> None:
        if _METER.fullmatch(word):
            if self._meter and word != self._meter:
                raise NotationError(
                    f"the chords have two metres, {self._meter} and, at {where}, {word}: a tune "
                    "has one"
                )
            self._meter = word
            return
        word = bare(word)
        parts, held = [word], _HELD.fullmatch(word)
        if held is not None and len(word) > 1 and not is_silent(word):
            parts = [*([held[1]] if held[1] else []), *held[2]]
        elif read_chord(word) is None and not is_silent(word) and word not in _HOLD:
            parts = _TWO_IN_WORD.split(word)
        for part in parts:
            if (part in _HOLD or part == _SAME) and not self._begun:
                raise NotationError(
                    f"{part!r} at {where} holds no chord: expected one before it, as in G / D7"
                )
            if part not in _HOLD and part != _SAME and not is_silent(part):
                read = read_chord(part)
                if read is None:
                    raise NotationError(
                        f"{part!r} at {where} is no chord: expected one such as G, Em7, Bb, D7/F#"
                    )
                if not read.exact:
                    self._respelled[part] = read.spelled
            elif is_silent(part):
                self._respelled[part] = ""
            self._begun = True
        self._words += parts
        if not self._lined:
            self._end_bar()

    def _line(self, line: str, where: str) -> None:
        self._end_bar()
        closes = line.startswith(":")
        if closes:
            if not (self._bars or self._endings):
                raise NotationError(f"{line!r} at {where} repeats nothing")
            if len(self._endings) == 1:
                # The second ending follows.
                self._endings.append([])
            else:
                self._repeated = True
                self._end_section()
        opens = line.endswith(":") and len(line) > 1
        if opens or (not closes and ("||" in line or "]" in line)):
            self._end_section()
        self._repeated = self._repeated or (opens and line != ":|")

    def _ending(self, number: int, where: str) -> None:
        self._end_bar()
        if number > _MOST_ENDINGS:
            raise NotationError(f"the ending {number} at {where}: a section has two, not more")
        # The second ending has been begun by the repeat sign before it.
        begun = len(self._endings) == number and not self._endings[-1]
        if not begun and (len(self._endings) != number - 1 or number > 1):
            raise NotationError(
                f"the ending {number} at {where} is out of place: expected [1 bars :|[2 bars"
            )
        if not begun:
            self._endings.append([])

    def _times(self, count: int, where: str) -> None:
        """Play what was repeated, or else the line, so many times."""
        self._end_bar()
        if self._endings or (self._repeated and self._bars):
            raise NotationError(
                f"x{count} at {where} is out of place: expected it behind a line, or behind :|"
            )
        if count < 1:
            raise NotationError(f"x{count} at {where}: expected x2 or more")
        self._check_length(count, where)
        if self._bars:
            self._bars += self._bars[self._line_begun :] * (count - 1)
        elif self._sections and not self._sections[-1].endings:
            bars = self._sections[-1].bars
            even = self._sections[-1].repeated and count % 2 == 0
            self._sections[-1] = ChartSection(bars * (count // 2 if even else count), even)

    def _check_length(self, count: int, where: str) -> None:
        """Raise if all bars so many times over were more than a chart may have."""
        bars = len(self._bars) + sum(len(list(one.written())) for one in self._sections)
        if bars * count > _MOST_BARS:
            raise NotationError(f"the chords have more than {_MOST_BARS} bars at {where}")

    def _mark(self, mark: str, where: str) -> None:
        """Remember a place that D.C. or D.S. need, or play what they send back to."""
        self._end_bar()
        if self._bars and self._repeated and not self._endings:
            raise NotationError(
                f"{words_of(mark)!r} at {where} stands within a repeat: write out what is played"
            )
        self._end_section()
        if not mark.startswith(("D.C.", "D.S.")):
            self._marks.setdefault(mark, len(self._sections))
            return
        begin = self._marks.get("segno", 0) if mark.startswith("D.S.") else 0
        end = self._marks.get("to coda" if mark.endswith("coda") else "fine")
        if end is None and " al " in mark:
            raise NotationError(
                f"{words_of(mark)!r} at {where}: expected "
                f"{'To Coda' if mark.endswith('coda') else 'Fine'} before it"
            )
        self._check_length(2, where)
        # What is played again is played without repeats, with the last endings.
        self._sections += [
            ChartSection(section.bars + (section.endings or ((),))[-1])
            for section in self._sections[begin:end]
        ]

    def _end_bar(self) -> None:
        words, self._words = self._words, []
        if not words:
            return
        if words == [_SAME]:
            bar = self._last
        else:
            bar = tuple(
                Symbol(Fraction(place, len(words)), read.spelled)
                for place, word in enumerate(words)
                if word != _SAME and (read := read_chord(word)) is not None
            )
        self._last = bar
        (self._endings[-1] if self._endings else self._bars).append(bar)

    def _end_section(self) -> None:
        if self._endings and not all(self._endings):
            raise NotationError("the chords have a first ending without a second")
        if len(self._endings) == 1:
            raise NotationError("the chords have a first ending without a second")
        if self._bars or self._endings:
            endings = tuple(map(tuple, self._endings))
            if endings and not self._bars:
                raise NotationError("the chords have endings with no bars before them")
            repeated = self._repeated or bool(endings)
            self._sections.append(ChartSection(tuple(self._bars), repeated, endings))
        self._bars, self._endings, self._repeated = [], [], False
        self._line_begun = 0
