"""How surprising each bar of a tune is to a network."""

import numpy as np

from abcgen.generation.redraw.bars import BarredTune, beginning, read_along
from abcgen.model.engine import Engine
from abcgen.model.vocabulary import END_OF_TUNE


def bits_of_bars(reader: Engine, tune: BarredTune) -> dict[int, float]:
    """Return how many bits a network needs for each bar, among what may follow.

    What stands between two bars counts to the first of them. Line ends within sections are not
    counted, since they follow from the rest.

    Parameters
    ----------
    reader : Engine
        One stream; what it has read is forgotten.
    tune : BarredTune
        The tune.
    """
    vocabulary = reader.vocabulary
    bits = {bar.number: 0.0 for bar in tune.bars}
    starts = [bar.start for bar in tune.bars[1:]]
    bar = 0
    reader.reset(0)
    last = vocabulary.char2idx[END_OF_TUNE]
    for position, character, place in read_along(tune.text, beginning(vocabulary)):
        logits = reader.step(np.array([last]))[0].astype(np.float64)  # (V,)
        last = vocabulary.char2idx[character]
        if position < tune.body or tune.text[position] != character:
            continue
        while bar < len(starts) and position >= starts[bar]:
            bar += 1
        allowed = logits[[vocabulary.char2idx[one] for one in place.allowed()]]
        highest = allowed.max()
        nats = np.log(np.exp(allowed - highest).sum()) + highest - logits[last]
        bits[tune.bars[bar].number] += float(nats / np.log(2))
    return bits
