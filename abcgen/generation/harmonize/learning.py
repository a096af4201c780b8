"""Learns which chords people write, from tunes that have chord symbols."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CorpusError
from abcgen.generation.harmonize.model import Harmony
from abcgen.generation.harmonize.slots import Slot, SlottedSection, features_of, slotted
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.keys import tonic_of
from abcgen.notation.tune import read_tune

#: The commonest chords are learned.
_MOST_CHORDS = 24
#: Adam: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015.
_STEPS, _RATE, _FIRST, _SECOND, _TINY = 400, 0.05, 0.9, 0.999, 1e-8
#: Weights are held small by this times half their squares, summed over all slots.
_DECAY = 3.0
#: What every succession is counted beforehand.
_BEFOREHAND = 0.3

Chord = tuple[int, str]


def people_chords(section: SlottedSection, before: str | None) -> Iterator[tuple[Slot, str | None]]:
    """Yield each slot with the chord that is in force where it begins, as it is spelled.

    Parameters
    ----------
    section : SlottedSection
        A section.
    before : str or None
        The chord before it.
    """
    chords = [
        (symbol.onset, spelled)
        for symbol in section.music.chords
        if (spelled := spell_chord(symbol.text)) is not None
    ]
    for slot in section.slots:
        yield slot, chord_at(chords, slot.onset, before)


def chord_at(
    chords: Sequence[tuple[Fraction, str]], onset: Fraction, before: str | None
) -> str | None:
    """Return the last chord that begins up to an onset."""
    reached = [chord for begin, chord in chords if begin <= onset]
    return reached[-1] if reached else before


def simplified(chord: str, key: str) -> Chord:
    """Return a spelled chord as models know it: its root above the tonic, and its quality."""
    _, pitches = chord_pitches(chord)
    steps = {pitch - pitches[0] for pitch in pitches}
    quality = "dim" if {3, 6} <= steps else "m" if 3 in steps else "7" if 10 in steps else ""
    return (pitches[0] - tonic_of(key)) % 12, quality


def learn(texts: Sequence[str]) -> Harmony:
    """Return a model learned from tunes; those without chords are left out.

    Raises
    ------
    CorpusError
        If none has chords.
    """
    features: list[NDArray[np.float64]] = []
    chords: list[Chord | None] = []
    follows: list[tuple[Chord | None, Chord | None, bool]] = []
    for text in texts:
        before: str | None = None
        for section in slotted(read_tune(text)) if '"' in text else ():
            if not section.slots:
                continue
            features.append(features_of(section.slots))
            last: Chord | None = None
            for slot, chord in people_chords(section, before):
                simple = simplified(chord, slot.key) if chord else None
                chords.append(simple)
                follows.append((last, simple, slot.half == 0))
                last, before = simple, chord
    commonest = [chord for chord, _ in Counter(filter(None, chords)).most_common(_MOST_CHORDS)]
    if not commonest:
        raise CorpusError("no tune has chord symbols: expected a corpus such as nottingham")
    number = {chord: place for place, chord in enumerate(commonest)}
    taught = np.array([chord in number for chord in chords])
    targets = np.array([number[chord] for chord in chords if chord in number])
    weights = _regression(np.concatenate(features)[taught], targets, len(commonest))
    counts = np.full((2, len(commonest), len(commonest)), _BEFOREHAND)
    for one, other, across in follows:
        if one in number and other in number:
            counts[int(across)][number[one], number[other]] += 1
    share = np.bincount(targets, minlength=len(commonest)) / len(targets)
    return Harmony(
        commonest, weights, np.log(counts / counts.sum(axis=2, keepdims=True)) - np.log(share)
    )


def _regression(
    features: NDArray[np.float64], targets: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Return the weights, (F + 1, K), of a softmax regression on (T, F) features."""
    inputs = np.concatenate([features, np.ones((len(features), 1))], axis=1).astype(np.float32)
    wanted = np.eye(count, dtype=np.float32)[targets]
    weights = np.zeros((inputs.shape[1], count), np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        logits = inputs @ weights
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        slope = (inputs.T @ (odds - wanted) + _DECAY * weights) / len(inputs)
        first = _FIRST * first + (1 - _FIRST) * slope
        second = _SECOND * second + (1 - _SECOND) * slope**2
        size = np.sqrt(second / (1 - _SECOND**step)) + _TINY
        weights -= _RATE * (first / (1 - _FIRST**step)) / size
    return weights.astype(float)
