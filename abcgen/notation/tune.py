"""A tune as it stands in a tunebook: header fields and body."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction

from abcgen.notation.fields import default_unit, read_meter, read_meter_field, read_unit
from abcgen.notation.keys import read_key
from abcgen.notation.lines import TuneLines
from abcgen.notation.prose import without_blocks
from abcgen.notation.voices import ONLY, Voice, voice_named
from abcgen.notation.warned import Warned

__all__ = ["Setting", "Tune", "default_unit", "read_meter", "read_tune", "read_unit"]


@dataclass(frozen=True, slots=True)
class Tune:
    """One tune as written, without comments.

    Attributes
    ----------
    number : int
        The reference number (X:).
    header : tuple of (str, str)
        Letter and value of each field, from X: to K:.
    body : str
        The lines after K:, music and fields. What is for playing alone, ``P:``, ``Q:`` and
        ``%%MIDI``, stands there as an inline field on a line of its own: ``[I:MIDI program 73]``.
    directives : tuple of str
        What follows ``%%MIDI`` on each such line before the music: ``program 73``.
    starts : tuple of (int, int)
        Of each line of the body, where it begins there, and where in the text that was read.
    lines : tuple of (int, int)
        Of each line of the body, which line of that text it was, and the column it begins at.
    warnings : list of Warned
        What is not certain of what was read; `abcgen.notation.form.read_sections` adds to it.
    voice : Voice
        Which voice it is.
    others : tuple of Tune
        The other voices of several, each as a tune of its own, with the same `warnings`.
    """

    number: int
    header: tuple[tuple[str, str], ...]
    body: str
    directives: tuple[str, ...] = ()
    starts: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    lines: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)
    warnings: list[Warned] = field(default_factory=list, compare=False, repr=False)
    voice: Voice = ONLY
    others: "tuple[Tune, ...]" = field(default=(), repr=False)
    _known: set[Warned] = field(default_factory=set, init=False, compare=False, repr=False)

    def offset_of(self, position: int) -> int:
        """Return where in the text that was read a position of the body is."""
        if not self.starts:  # the tune was not read from a text
            return position
        begin, offset = self.starts[bisect_right(self.starts, position, key=_begin) - 1]
        return offset + position - begin

    def warn(self, position: int, what: str, found: str = "") -> None:
        """Add a warning on a position of the body, unless it was said before."""
        index = bisect_right(self.starts, position, key=_begin) - 1
        line, column = self.lines[index] if self.lines else (0, 0)
        column += position - self.starts[index][0] if self.starts else 0
        warned = Warned(line, what, found, column)
        self._known.update(() if self._known else self.warnings)
        if warned not in self._known:
            self._known.add(warned)
            self.warnings.append(warned)

    def field(self, letter: str) -> str | None:
        """Return the first value of a header field, or None."""
        return next((value for name, value in self.header if name == letter), None)

    @property
    def title(self) -> str:
        """The first title (T:), or an empty string."""
        return self.field("T") or ""

    @property
    def setting(self) -> "Setting":
        """The metre, unit note length and key of the header.

        Raises
        ------
        NotationError
            If one of them is unknown.
        """
        meter = read_meter_field(self.field("M") or "4/4")
        unit = self.field("L")
        key = read_key(self.field("K") or "C")
        return Setting(
            meter.meter,
            read_unit(unit) if unit else default_unit(read_meter(meter.meter)),
            key.key or "C",
            meter.free,
            key.octave or 0,
            key.transpose or 0,
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """Metre, unit note length and key at a place in a tune.

    Attributes
    ----------
    meter : str
        ``6/8``, ``C``; see `abcgen.notation.fields.read_meter_field`.
    unit : Fraction
        The unit note length in whole notes.
    key : str
        As `abcgen.notation.keys.read_key` gives it.
    free : bool
        Whether bars may have any length (``M:none``).
    octave : int
        By how many octaves notes are higher than written. `abcgen.notation.form` moves them.
    transpose : int
        By how many semitones notes sound higher than they are drawn.
    """

    meter: str
    unit: Fraction
    key: str
    free: bool = False
    octave: int = 0
    transpose: int = 0

    def __post_init__(self) -> None:
        read_meter(self.meter)

    def changed(self, letter: str, value: str) -> "Setting":
        """Return the setting after a field K:, L: or M: of the body.

        Raises
        ------
        NotationError
            If the value is unknown.
        """
        if letter == "K":
            found = read_key(value)
            return replace(
                self,
                key=found.key or self.key,
                octave=self.octave if found.octave is None else found.octave,
                transpose=self.transpose if found.transpose is None else found.transpose,
            )
        if not value:
            return self
        if letter == "L":
            return replace(self, unit=read_unit(value))
        meter = read_meter_field(value)
        return replace(self, meter=meter.meter, free=meter.free)


def read_tune(text: str, voice: str | None = None) -> Tune:
    """Read one tune of a tunebook.

    What is left out, or read as it was probably meant, is in its `Tune.warnings`.

    Parameters
    ----------
    text : str
        The tune from its X: line on; lines end with LF.
    voice : str, optional
        Of several voices, which one is the tune: what V: calls it, its ``name=`` or ``nm=``, or
        its place, counted from 1. Without it, it is the first one, and that is among the warnings.

    Raises
    ------
    NotationError
        If there is no X:, no K:, no music after it, or no such voice.
    """
    lines = TuneLines()
    following = 0  # where the next line begins in the text
    for number, line in enumerate(without_blocks(text).split("\n"), start=1):
        lines.read(line, following, number)
        following += len(line) + 1
    lines.end()
    voices = lines.voices()
    chosen = voices[0] if voice is None else voice_named(voices, voice)
    if voice is None and len(voices) > 1:
        lines.warn_of_voices(voices)
    others = [_tune_of(lines, other) for other in voices if other is not chosen]
    return _tune_of(lines, chosen, tuple(others), main=True)


def _tune_of(
    lines: TuneLines, voice: Voice, others: tuple[Tune, ...] = (), main: bool = False
) -> Tune:
    """Return a voice as a tune."""
    body = lines.body_of(voice, main)
    starts, length = [], 0
    for one in body:
        starts.append((length, one.offset))
        length += len(one.text) + 1
    return Tune(
        _number_of(next(value for name, value in lines.header if name == "X")),
        tuple(lines.header),
        "\n".join(one.text for one in body),
        tuple(lines.directives_of(voice)),
        tuple(starts),
        tuple((one.number, one.column) for one in body),
        lines.warnings,
        voice,
        others,
    )


def _number_of(text: str) -> int:
    """Return the reference number of an X:, 0 where it is none."""
    digits = re.match(r"[0-9]{1,9}", text)
    return int(digits.group()) if digits else 0


def _begin(start: tuple[int, int]) -> int:
    return start[0]
