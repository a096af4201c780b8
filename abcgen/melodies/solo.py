"""A melody over chords as values: what each note is to its chord, how long, and which way it goes.

After djmodel and deepjazz (J.-S. Kim, 2016), who took it from R. M. Keller's Impro-Visor: a network
that learns such values learns no pitches, and can play them over any chords. Each value is one
character of its own, so that networks of characters can learn and write them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from abcgen.melodies.melody import top_notes
from abcgen.music.notes import music_of_bars
from abcgen.music.sounds import Music
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.form import read_sections
from abcgen.notation.keys import scale_of
from abcgen.notation.tune import read_tune

#: What a note may be: of the chord, of the key's scale, a semitone beside a note of the chord or
#: the next one, any other, or a rest.
KINDS = CHORD, SCALE, APPROACH, OTHER, REST = "CSAXR"
#: Lengths that are told apart, in whole notes; others count as the nearest.
LENGTHS = tuple(
    Fraction(*of)
    for of in [(1, 16), (1, 12), (1, 8), (1, 6), (3, 16), (1, 4), (3, 8), (1, 2), (3, 4), (1, 1)]
)
#: Semitones from note to note that count as one step, and the most steps either way.
STEP, MOST_STEPS = 3, 4
#: Bars of what is learned at a time.
BARS_OF_PHRASE = 8

_FIRST = 0xE000  # of the characters that Unicode leaves to everyone's own use
_STEPS = 2 * MOST_STEPS + 1


class Value(NamedTuple):
    """A note, or a rest, of a solo.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    length : Fraction
        One of `LENGTHS`.
    step : int
        Steps of three semitones from the note before, upwards if positive; 0 for a rest.
    """

    kind: str
    length: Fraction
    step: int

    @property
    def character(self) -> str:
        """The character that stands for it."""
        number = KINDS.index(self.kind) * len(LENGTHS) + LENGTHS.index(self.length)
        return chr(_FIRST + number * _STEPS + self.step + MOST_STEPS)


def value_of(character: str) -> Value:
    """Return the value that a character stands for."""
    number, step = divmod(ord(character) - _FIRST, _STEPS)
    kind, length = divmod(number, len(LENGTHS))
    return Value(KINDS[kind], LENGTHS[length], step - MOST_STEPS)


class Harmony:
    """The chords of a piece: what notes are at each time.

    Parameters
    ----------
    chords : sequence of (Fraction, str)
        When each begins, in whole notes, and its spelling, in order.
    key : str
        The key.
    """

    def __init__(self, chords: Sequence[tuple[Fraction, str]], key: str) -> None:
        self._onsets = [onset for onset, _ in chords]
        self._notes = [frozenset(p % 12 for p in chord_pitches(chord)[1]) for _, chord in chords]
        self._scale = scale_of(key)

    def begins(self, time: Fraction) -> bool:
        """Return whether there is a chord yet."""
        return bool(self._onsets) and self._onsets[0] <= time

    def classes(self, kind: str, time: Fraction) -> frozenset[int]:
        """Return the pitch classes of a kind of note, not `REST`, at a time."""
        now = max(bisect_right(self._onsets, time) - 1, 0)
        here = self._notes[now]
        following = self._notes[min(now + 1, len(self._notes) - 1)]
        beside = {(note + by) % 12 for note in here | following for by in (-1, 1)}
        if kind == CHORD:
            return here
        if kind == SCALE:
            return self._scale - here
        if kind == APPROACH:
            return frozenset(beside - self._scale - here)
        return frozenset(range(12)) - here - self._scale - beside

    def kind_of(self, pitch: int, time: Fraction) -> str:
        """Return what a note is at a time: one of `KINDS`."""
        return next(kind for kind in KINDS if pitch % 12 in self.classes(kind, time))


def phrases_of(text: str) -> list[str]:
    """Return a tune's melody as values, each phrase of eight bars as one text.

    Each bar is read once, from the first chord on. A tune without chord symbols has no phrases.

    Raises
    ------
    NotationError
        If it cannot be read.
    """
    sections = read_sections(read_tune(text))
    music = music_of_bars(bar for section in sections for bar in section.written())
    begins = [bar.onset for bar in music.bars]
    phrases: dict[int, str] = {}
    for onset, value in _values(music):
        number = (bisect_right(begins, onset) - 1) // BARS_OF_PHRASE
        phrases[number] = phrases.get(number, "") + value.character
    return list(phrases.values())


def _values(music: Music) -> Iterator[tuple[Fraction, Value]]:
    """Yield each note and rest of a melody with its onset, from the first chord on."""
    chords = [(one.onset, name) for one in music.chords if (name := spell_chord(one.text))]
    harmony = Harmony(chords, music.bars[0].setting.key)
    last: int | None = None
    now = chords[0][0] if chords else music.duration
    for note in top_notes(music.notes):
        if not harmony.begins(note.onset):
            continue
        if note.onset - now >= LENGTHS[0]:
            yield now, Value(REST, _nearest(note.onset - now), 0)
        step = 0 if last is None else round((note.pitch - last) / STEP)
        step = min(max(step, -MOST_STEPS), MOST_STEPS)
        kind = harmony.kind_of(note.pitch, note.onset)
        yield note.onset, Value(kind, _nearest(note.duration), step)
        last, now = note.pitch, note.onset + note.duration


def _nearest(length: Fraction) -> Fraction:
    return min(LENGTHS, key=lambda one: abs(one - length))
