"""What a critic measures of chords: which there are, how many, and whether the melody agrees."""

import itertools

from abcgen.model.critic.seen import (
    LETTERS,
    OCTAVE,
    Measures,
    SeenTune,
    add_mean,
    add_shares,
)

_TRIAD = (0, 2, 4)  # letters above the root


def harmony_of(tune: SeenTune) -> Measures:
    """Return what is measured of chords."""
    chords = [
        (LETTERS.index(root) - tune.tonic) % OCTAVE for bar in tune.bars for _, root in bar.roots
    ]
    found: Measures = {"chords": len(chords)}
    if not chords:
        return found
    add_mean(found, "chords of a bar", (len(bar.roots) for bar in tune.bars))
    add_mean(found, "bars of several chords", (len(bar.roots) > 1 for bar in tune.bars))
    add_mean(found, "bars without chords", (not bar.roots for bar in tune.bars))
    add_shares(found, "chord", chords, range(OCTAVE))
    found["different chords"] = len(set(chords))
    add_mean(found, "chords again", (a == b for a, b in itertools.pairwise(chords)))
    found["last chord"] = chords[-1]
    if len(chords) > 1:
        found["chord before the last"] = chords[-2]
    return found | _agreement(tune)


def _agreement(tune: SeenTune) -> Measures:
    """Return what the notes are to their chords."""
    root: int | None = None
    above, lasting, first = [], [], []
    for bar in tune.bars:
        chords = list(bar.roots)
        for (at, step, _), length in zip(bar.notes, bar.lengths, strict=True):
            fresh = False
            while chords and chords[0][0] <= at:
                root, fresh = LETTERS.index(chords.pop(0)[1]), True
            if step and root is not None:
                above.append((step - 1 - root) % OCTAVE)
                lasting.append((length, above[-1] in _TRIAD))
                if fresh:
                    first.append(above[-1] in _TRIAD)
    found: Measures = {}
    add_shares(found, "above the root", above, range(OCTAVE))
    add_mean(found, "of the chord", (one in _TRIAD for one in above))
    add_mean(found, "first notes of the chord", first)
    if lasting:
        time = sum(length for length, _ in lasting)
        found["time of the chord"] = sum(length for length, fits in lasting if fits) / time
    return found
