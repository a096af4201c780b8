"""Canonical tunes in other keys: every pitch moves by the same interval.

Each letter moves by the steps of the interval. Each written accidental changes so that the
semitones are right; notes without one follow the key signature. So an accidental still holds up to
the bar line, and transposing back gives the same text.
"""

import re
from functools import cache
from typing import NamedTuple

from abcgen.errors import NotationError, UsageError
from abcgen.grammar.alphabet import read_pitch
from abcgen.grammar.header import KEYS
from abcgen.grammar.lines import break_anew
from abcgen.notation.keys import SEMITONES, fifths_of, mode_of, spell_key
from abcgen.support import values

LETTERS = "CDEFGAB"
_SEMITONES_IN_OCTAVE = 12
_STEPS_IN_OCTAVE = 7
#: Letters with octave marks, from the lowest to the highest that may be written.
_PITCHES: tuple[str, ...] = (
    *(letter + "," for letter in LETTERS),
    *LETTERS,
    *LETTERS.lower(),
    *(letter + "'" for letter in LETTERS.lower()),
)
#: Accidental as written -> semitones.
_ALTERATIONS = {"__": -2, "_": -1, "=": 0, "^": 1, "^^": 2}
ACCIDENTALS = {semitones: accidental for accidental, semitones in _ALTERATIONS.items()}
#: The same in chord symbols.
_CHORD_ALTERATIONS = {"b": -1, "": 0, "#": 1}
_CHORD_ACCIDENTALS = {semitones: sign for sign, semitones in _CHORD_ALTERATIONS.items()}
#: Mode and fifths -> key.
_KEYS = {(mode_of(key), fifths_of(key)): key for key in KEYS}
#: What changes after the header: a change of key, a chord symbol, a note without its length.
_MOVING = re.compile(r"""K:[^\n]+|"[^"]*"|(?:\^\^?|__?|=)?[A-Ga-g][,']?""")
_SEMITONES = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_CHORD_ROOT = re.compile(r"([A-G])([#b]?)")
_HEADER = re.compile(r".*?\nM:([^\n]+)\nL:([^\n]+)\n(?=K:([^\n]+)\n)", re.DOTALL)


class Interval(NamedTuple):
    """How far every pitch moves; upwards if positive.

    Attributes
    ----------
    steps : int
        From letter to letter: 4 for a fifth, 7 for an octave.
    semitones : int
        7 for a fifth, 12 for an octave.
    """

    steps: int
    semitones: int

    @property
    def fifths(self) -> int:
        """The sharps (positive) or flats (negative) that it adds to a signature."""
        return _STEPS_IN_OCTAVE * self.semitones - _SEMITONES_IN_OCTAVE * self.steps

    def back(self) -> "Interval":
        """Return the interval back."""
        return Interval(-self.steps, -self.semitones)

    def other_way(self) -> "Interval":
        """Return the interval to the same letters in the other direction."""
        octaves = -1 if self.semitones > 0 else 1
        return Interval(
            self.steps + octaves * _STEPS_IN_OCTAVE,
            self.semitones + octaves * _SEMITONES_IN_OCTAVE,
        )


def interval_between(key: str, other: str) -> Interval:
    """Return the nearest interval from one key to another, between six semitones down and five up.

    Raises
    ------
    NotationError
        If they are in different modes.
    """
    if mode_of(key) != mode_of(other):
        raise NotationError(
            f"the tune is in {key}, and {other} is in another mode: choose a key of the same mode, "
            "or semitones"
        )
    fifths = fifths_of(other) - fifths_of(key)
    # A fifth has 7 semitones and 4 steps; whole octaves are subtracted to find the nearest.
    octaves = (7 * fifths + 6) // _SEMITONES_IN_OCTAVE
    return Interval(
        4 * fifths - octaves * _STEPS_IN_OCTAVE, 7 * fifths - octaves * _SEMITONES_IN_OCTAVE
    )


def moved_to(text: str, to: str | int) -> str:
    """Transpose a tune into a key, or by semitones, which may also be given as text: ``+3``."""
    if isinstance(to, str) and _SEMITONES.fullmatch(to):
        to = int(to)
    if isinstance(to, str):
        return transpose(text, to)
    semitones = values.index(to)
    if semitones is None:
        raise UsageError(
            "expected a key to transpose into, such as 'D', or a whole number of semitones, such "
            f"as 3, found {values.shown(to)}"
        )
    return transpose_semitones(text, semitones)


def transpose(text: str, key: str) -> str:
    """Transpose a tune into a key of the same mode, by the nearest interval.

    If that leaves the octaves that may be written, the tune moves in the other direction.

    Parameters
    ----------
    text : str
        A canonical tune; for any other text the result is undefined.
    key : str
        The new key of the header.

    Returns
    -------
    str
        The tune, again canonical.

    Raises
    ------
    NotationError
        If the key is unknown or in another mode, or something has no spelling there.
    """
    interval = interval_between(key_of(text), spell_key(key))
    try:
        return transpose_by(text, interval)
    except NotationError:
        # If nothing moves, there is no other direction.
        if interval.semitones == 0:
            raise
        return transpose_by(text, interval.other_way())


def transpose_semitones(text: str, semitones: int) -> str:
    """Transpose a tune by semitones, into the key that is written with the fewest sharps or flats.

    If something has no spelling in that key, the same key by its other name is tried: G flat for
    F sharp.

    Parameters
    ----------
    text : str
        A canonical tune; for any other text the result is undefined.
    semitones : int
        Upwards, or downwards if negative.

    Returns
    -------
    str
        The tune, again canonical.

    Raises
    ------
    NotationError
        If something in it has no spelling there.
    """
    fifths = fifths_of(key_of(text))
    # A semitone is seven fifths; twelve fifths more or less name the same key.
    likely = (fifths + 7 * semitones + 5) % 12 - 5
    failure: NotationError | None = None
    for reached in sorted((likely, likely - 12, likely + 12), key=abs):
        steps = (7 * semitones - (reached - fifths)) // _SEMITONES_IN_OCTAVE
        try:
            return transpose_by(text, Interval(steps, semitones))
        except NotationError as error:
            failure = failure or error
    assert failure is not None
    raise failure


def transpose_by(text: str, interval: Interval) -> str:
    """Transpose a tune by an interval; `interval.back()` gives the same text again.

    Parameters
    ----------
    text : str
        A canonical tune.
    interval : Interval
        How far, and in which direction.

    Raises
    ------
    NotationError
        If something has no spelling there: a pitch outside of ``C,`` to ``b'``, more than two
        sharps or flats before a note, one in a chord symbol, or seven in a key.
    """
    header = _header(text)
    spellings = _spellings(interval)
    moved = _MOVING.sub(lambda match: spellings[match[0]], text[header.end() :])
    key, _, music = moved.partition("\n")
    return header[0] + key + "\n" + break_anew(music, meter=header[1], unit=header[2])


def key_of(text: str) -> str:
    """Return the key that the header of a canonical tune names."""
    return _header(text)[3]


def _header(text: str) -> re.Match[str]:
    """Match the header up to K:, with groups for the metre, the unit note length and the key."""
    header = _HEADER.match(text)
    if header is None:
        raise NotationError(
            "there is no header of a canonical tune; spell the tune canonically first"
        )
    return header


class _Spellings(dict[str, str]):
    """Notes, chord symbols and keys as written -> transposed; computed on first use."""

    def __init__(self, interval: Interval) -> None:
        self._interval = interval
        #: Letter -> transposed letter.
        self._letters: dict[str, str] = {}
        #: Letter -> the semitones missing if it moves only by the steps.
        self._lacks: dict[str, int] = {}
        for index, letter in enumerate(LETTERS):
            octaves, after = divmod(index + interval.steps, _STEPS_IN_OCTAVE)
            self._letters[letter] = LETTERS[after]
            reached = SEMITONES[LETTERS[after]] + octaves * _SEMITONES_IN_OCTAVE
            self._lacks[letter] = SEMITONES[letter] + interval.semitones - reached

    def __missing__(self, piece: str) -> str:
        if piece.startswith("K:"):
            moved = "K:" + self._key(piece[2:])
        elif piece.startswith('"'):
            moved = "/".join(map(self._chord, piece.split("/")))
        else:
            moved = self._note(piece)
        self[piece] = moved
        return moved

    def _key(self, key: str) -> str:
        fifths = fifths_of(key) + self._interval.fifths
        moved = _KEYS.get((mode_of(key), fifths))
        if moved is None:
            raise NotationError(f"K:{key} would have {abs(fifths)} accidentals; seven is the most")
        return moved

    def _chord(self, part: str) -> str:
        """Transpose the part of a chord symbol before or after the slash."""
        return _CHORD_ROOT.sub(self._root, part, count=1)

    def _root(self, match: re.Match[str]) -> str:
        letter, sign = match.groups()
        alteration = _CHORD_ALTERATIONS[sign] + self._lacks[letter]
        if alteration not in _CHORD_ACCIDENTALS:
            raise NotationError(f"the chord of {match[0]} would have two accidentals or more")
        return self._letters[letter] + _CHORD_ACCIDENTALS[alteration]

    def _note(self, note: str) -> str:
        pitch = note.lstrip("^_=")
        accidental = note.removesuffix(pitch)
        rank = read_pitch(pitch) + self._interval.steps
        if not 0 <= rank < len(_PITCHES):
            raise NotationError(f"the note {note} would leave the octaves that may be written")
        if not accidental:
            return _PITCHES[rank]
        alteration = _ALTERATIONS[accidental] + self._lacks[pitch[0].upper()]
        if alteration not in ACCIDENTALS:
            raise NotationError(f"the note {note} would have three accidentals or more")
        return ACCIDENTALS[alteration] + _PITCHES[rank]


_spellings = cache(_Spellings)
