"""The words of a tune: what a critic counts of its melody, its chords and its structure."""

import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.model.critic.seen import EIGHTH, LETTERS, SeenBar, SeenTune

#: A length is told in 1/384 notes, which are so many ticks.
TICKS = EIGHTH // 48
_MOST_MOVED = 9  # steps
#: Bars that are so many apart are compared, in so many bars of a section.
_APART = (1, 2, 4, 8)
_MOST_BARS = 16
_PHRASE = 4  # bars


class Words:
    """Counts words.

    Parameters
    ----------
    known : list of str
        Those that are counted, W different ones.
    """

    def __init__(self, known: list[str]) -> None:
        self._places = {word: place for place, word in enumerate(known)}

    def count(self, text: str) -> NDArray[np.int32]:
        """Return how often each is in a tune in abcgen's spelling, (W,)."""
        counts = np.zeros(len(self._places), np.int32)
        for word, count in Counter(words_of(text)).items():
            if (place := self._places.get(word)) is not None:
                counts[place] = count
        return counts


def words_of(text: str) -> list[str]:
    """Return the words of a tune in abcgen's spelling, each as often as it is there.

    A step is counted in letters, and a degree from the tonic.
    """
    tune = SeenTune.of(text)
    found: list[str] = []
    for number, section in enumerate(tune.sections):
        found += _melody(tune, section)
        found += _harmony(tune, section)
        found += _structure(tune, section, number > 0)
    return found


def _melody(tune: SeenTune, section: Sequence[SeenBar]) -> list[str]:
    """Return the steps from note to note, where in the scale they begin, and the lengths."""
    notes = [
        (step, length // TICKS, sign)
        for bar in section
        for (_, step, sign), length in zip(bar.notes, bar.lengths, strict=True)
        if step
    ]
    degrees = [tune.degree(step) for step, _, _ in notes]
    found = [f"sign {sign}{at}" for (_, _, sign), at in zip(notes, degrees, strict=True) if sign]
    moves = [
        min(max(after[0] - before[0], -_MOST_MOVED), _MOST_MOVED)
        for before, after in itertools.pairwise(notes)
    ]
    if not moves:
        return found
    lengths = [length for _, length, _ in notes]
    found += [f"from {begin} {move}" for begin, move in zip(degrees, moves, strict=False)]
    found += [f"steps {one} {two}" for one, two in itertools.pairwise(moves)]
    threes = zip(degrees, moves, moves[1:], moves[2:], strict=False)
    found += [f"from {begin} {one} {two} {three}" for begin, one, two, three in threes]
    pairs = zip(lengths, lengths[1:], moves, strict=False)
    found += [f"lengths {before} {after} {move}" for before, after, move in pairs]
    found.append(f"end {degrees[-1]} {moves[-1]} {lengths[-1]}")
    return found


def _harmony(tune: SeenTune, section: Sequence[SeenBar]) -> list[str]:
    """Return the chords, and the notes that sound with each; a chord is the degree of its root."""
    found: list[str] = []
    chords: list[int] = []
    for bar in section:
        roots = [(at, tune.degree(1 + LETTERS.index(root))) for at, root in bar.roots]
        if not roots:
            continue
        chords += [root for _, root in roots]
        found.append("chords " + " ".join([str(root) for _, root in roots]))
        for (start, root), (end, _) in itertools.pairwise([*roots, (bar.size, 0)]):
            found += [
                f"with {root} {sign}{tune.degree(step)}"
                for at, step, sign in bar.notes
                if step and start <= at < end
            ]
    threes = zip(chords, chords[1:], chords[2:], strict=False)
    found += [f"three chords {one} {two} {three}" for one, two, three in threes]
    if chords:
        found.append("last chords " + " ".join(map(str, chords[-2:])))
    return found


def _structure(tune: SeenTune, section: Sequence[SeenBar], later: bool) -> list[str]:
    """Return rhythms, which bars come back, how phrases begin and end, and the range."""
    which = "later" if later else "first"
    found = ["rhythm " + " ".join([str(at // TICKS) for at in bar.rhythm]) for bar in section]
    for place, bar in enumerate(section[:_MOST_BARS]):
        in_phrase = place % _PHRASE
        for apart in _APART:
            if place < apart:
                break
            found.append(f"{which} {place} {apart} {_alike(bar, section[place - apart])}")
        if later and place < len(tune.sections[0]):
            found.append(f"as first {place} {_alike(bar, tune.sections[0][place])}")
        if bar.steps:
            found.append(f"begin {in_phrase} {tune.degree(bar.steps[0])}")
            if in_phrase == _PHRASE - 1:
                found.append(f"phrase {place} {tune.degree(bar.steps[-1])}")
                found.append(f"phrase of length {place} {bar.lengths[-1] // TICKS}")
    steps = [step for bar in section for step in bar.steps]
    if steps:
        low, high = min(steps), max(steps)
        found += [f"lowest {low}", f"highest {high}", f"span {high - low}"]
        found.append(f"middle {round(sum(steps) / len(steps))}")
    found.append(f"different {len({bar.sounds for bar in section})} {len(section)}")
    found.append(f"notes at the end {len(section[-1].notes)}")
    return found


def _alike(one: SeenBar, other: SeenBar) -> str:
    """Return what two bars have in common."""
    if one.notes == other.notes:
        return "same"
    return "rhythm" if one.rhythm == other.rhythm else "none"
