"""What a layer that reads plans starts with: how tunes lead to the first note of the next bar."""

import numpy as np

from abcgen.model.factors.layout import AHEADS, MIDDLE, RASTER, nearness_of
from abcgen.model.factors.plan import STEPS
from abcgen.model.vocabulary import Vocabulary
from abcgen.training.approach import ahead_told

#: Each bar ends a step below the note that the next one begins with.
RISING = "X:1\nT:a\nM:C\nL:1/8\nK:C\nC6 DF|G6 AE|F6 GA|B6 cd|e6 fB|c6 de|f6 ga|b8|]\n"
VOCABULARY = Vocabulary.of(RISING)
LETTERS = "CDEFGABcdefgab"


def test_what_leads_to_the_next_bar_is_likelier_and_no_more_than_notes_change() -> None:
    told = ahead_told([RISING] * 20, VOCABULARY)
    assert told.shape == (AHEADS, len(VOCABULARY))
    first = LETTERS.index("G")
    last_eighth = nearness_of(4 * RASTER)
    row = told[1 + last_eighth * STEPS + MIDDLE + first]
    by_letter = [row[VOCABULARY.char2idx[letter]] for letter in LETTERS]
    assert int(np.argmax(by_letter)) == first - 1
    assert by_letter[first - 1] > 1 > -1 > by_letter[first + 1]
    others = [n for n, character in enumerate(VOCABULARY.idx2char) if character not in LETTERS]
    assert not told[:, others].any()
    assert not told[0].any()  # where the next bar is not known
