"""What else than the network speaks for drawn bars: few changes, or the manner of an answer."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from abcgen.generation.redraw.bars import BarredTune, WrittenBar
from abcgen.generation.redraw.drawing import Drawing
from abcgen.melodies.melody import top_notes, written_bars
from abcgen.music.notes import Note, music_of_bars
from abcgen.notation.keys import tonic_of
from abcgen.notation.meters import is_compound

#: Adds to the log weight of the free bars that a stream has drawn, in nats.
Taste = Callable[[Sequence[str]], float]

_SEMITONES_IN_OCTAVE = 12
#: For an answer that ends on the tonic, and one that begins like its phrase, in nats.
_FOR_TONIC, _FOR_OPENING = 3.0, 3.0


def taste_of(tune: BarredTune, drawing: Drawing) -> Taste | None:
    """Return what is asked of the drawn bars besides that they fit in, or None."""
    free = tune.written(drawing.bars)
    if drawing.strictness is not None:
        strictness = drawing.strictness
        return lambda bars: -strictness * _changes(tune, free, bars)
    if drawing.phrase:
        phrase = tune.written(drawing.phrase)
        return lambda bars: _as_answer(tune, phrase, free, bars)
    return None


def _changes(tune: BarredTune, free: Sequence[WrittenBar], bars: Sequence[str]) -> int:
    """Return on how many beats another pitch sounds than in the tune."""
    beat = beat_of(tune.meter)
    changes = 0
    for bar, music in zip(free, bars, strict=True):
        before = notes_of(tune.music(bar), bar.key, tune.meter, tune.unit)
        after = notes_of(music, bar.key, tune.meter, tune.unit)
        beats = {note.onset // beat * beat for note in before}
        changes += sum(pitch_at(before, at) != pitch_at(after, at) for at in beats)
    return changes


def _as_answer(
    tune: BarredTune,
    phrase: Sequence[WrittenBar],
    free: Sequence[WrittenBar],
    bars: Sequence[str],
) -> float:
    """Return how much bars are like an answer: they begin like the phrase and end on the tonic."""
    opening, *_ = (bar for bar in phrase if bar.number)
    asked = notes_of(tune.music(opening), opening.key, tune.meter, tune.unit)
    begun = notes_of(bars[0], free[0].key, tune.meter, tune.unit)
    like = sum(pitch_at(begun, note.onset) == note.pitch for note in asked) / max(len(asked), 1)
    last = notes_of(bars[-1], free[-1].key, tune.meter, tune.unit)
    home = bool(last) and last[-1].pitch % _SEMITONES_IN_OCTAVE == tonic_of(free[-1].key)
    return _FOR_OPENING * like + _FOR_TONIC * home


def beat_of(meter: str) -> Fraction:
    """Return the length of a beat in whole notes."""
    if is_compound(meter):
        return Fraction(3, 8)
    return Fraction(1, 2) if meter in ("C|", "2/2", "3/2") else Fraction(1, 4)


@lru_cache(1024)
def notes_of(music: str, key: str, meter: str, unit: str) -> tuple[Note, ...]:
    """Return the notes of a bar, the highest of those that begin together."""
    bar = written_bars(f"X:1\nT:a\nM:{meter}\nL:{unit}\nK:{key}\n{music.rstrip('-')}|]\n")
    return tuple(top_notes(music_of_bars(bar).notes))


def pitch_at(notes: Sequence[Note], time: Fraction) -> int | None:
    """Return the pitch that sounds at a time, or None."""
    sounding = (note.pitch for note in notes if note.onset <= time < note.onset + note.duration)
    return next(sounding, None)
