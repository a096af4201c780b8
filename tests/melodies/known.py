"""Small corpora of tunes, with which tests compare others."""

import itertools

from abcgen.tunebooks.corpus import CorpusTune

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n"


def known(*texts: str) -> list[CorpusTune]:
    """Return texts as the tunes of a corpus, numbered from 1."""
    return [
        CorpusTune("somewhere/book.abc", number, f"No. {number}", text, "train")
        for number, text in enumerate(texts, start=1)
    ]


def tune_of(pitches: str, lengths: str = "") -> str:
    """Return a tune of notes from `CDEFGABcd...` and lengths, four notes in a bar."""
    notes = [f"{p}{n}" for p, n in itertools.zip_longest(pitches, lengths, fillvalue="")]
    bars = ["".join(notes[i : i + 4]) for i in range(0, len(notes), 4)]
    return HEADER + "|".join(bars) + "|]\n"


#: A tune of twenty notes.
TUNE = HEADER + "CDEF G2AB|c2BA GFED|C2E2 G2c2|d4 c4|]\n"
