"""Solos drawn by a network that has learned values."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np

from abcgen.errors import AbcgenError
from abcgen.generation.improvise.improvisation import Improvisation
from abcgen.generation.improvise.solo.notes import mended, played
from abcgen.generation.improvise.solo.writing import chords_of, tune_of
from abcgen.generation.noise import Noise
from abcgen.generation.sampler import Sampler
from abcgen.melodies.solo import Harmony, Value, value_of
from abcgen.model.engine import Engine
from abcgen.model.vocabulary import END_OF_TUNE

#: How often a solo is drawn until it can be written.
_MOST_ATTEMPTS = 20


def solos(
    engine_of: Callable[[int], Engine],
    asked: Improvisation,
    numbers: Sequence[int],
) -> Iterator[str]:
    """Yield solos over chords, in canonical spelling and in the order of their numbers.

    Parameters
    ----------
    engine_of : callable
        Gives an engine of a network of values with a number of streams.
    asked : Improvisation
        The chords. How closely they are kept to is for the values to say.
    numbers : sequence of int
        Their numbers, from 1.

    Raises
    ------
    AbcgenError
        If one cannot be written.
    """
    engine = engine_of(1)
    for number in numbers:
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            text = solo(engine, asked, number, attempt)
            if text is not None:
                yield text
                break
        else:
            raise AbcgenError(
                f"in {_MOST_ATTEMPTS} attempts no solo could be written: choose another key or seed"
            )


def solo(
    engine: Engine, asked: Improvisation, number: int, attempt: int = 1, *, mend: bool = True
) -> str | None:
    """Return a solo, or None if what was drawn has no canonical spelling.

    Parameters
    ----------
    engine : Engine
        One stream.
    asked : Improvisation
        The chords.
    number, attempt : int
        With the seed they decide it.
    mend : bool
        Whether it is mended; see `abcgen.generation.improvise.solo.notes`.
    """
    chords, duration = chords_of(asked.chart, asked.wishes.meter)
    harmony = Harmony(chords, asked.wishes.key)
    values = draw_values(engine, asked.sampler, duration, (asked.seed, number, attempt))
    notes = played(values, harmony, duration)
    return tune_of(mended(notes) if mend else notes, asked.chart, asked.wishes)


def draw_values(
    engine: Engine, sampler: Sampler, duration: Fraction, chance: tuple[int, int, int]
) -> list[Value]:
    """Return values that last as long as asked for, or longer.

    Parameters
    ----------
    engine : Engine
        One stream, which begins afresh.
    sampler : Sampler
        How they are drawn; at temperature 0 the likeliest each time.
    duration : Fraction
        In whole notes.
    chance : tuple of int
        Seed, number of the solo, and attempt.
    """
    vocabulary = engine.vocabulary
    noise = Noise(1, len(vocabulary), sampler.temperature)
    noise.begin(0, *chance)
    engine.reset(0)
    end = last = vocabulary.char2idx[END_OF_TUNE]
    values: list[Value] = []
    left = duration
    while left > 0:
        logits = engine.step(np.array([last]))  # (1, V)
        if last == end:
            logits[0, end] = -np.inf  # a phrase has notes
        last = int(sampler.scores(logits, noise.next()).argmax())
        if last != end:  # after a phrase comes the next one
            values.append(value_of(vocabulary.idx2char[last]))
            left -= values[-1].length
    return values
