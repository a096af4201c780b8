"""Tunes made up for the tests: a little grammar of scales, never a real tune."""

import random

from abcgen.grammar.spelling import spell
from abcgen.notation.tune import read_tune

KEYS = ("D", "G", "Ador", "Edor", "C", "Bm")
#: Metre -> (rhythm, eighth notes in a bar, notes of a beat).
METERS = {
    "6/8": ("jig", 6, 3),
    "4/4": ("reel", 8, 4),
    "3/4": ("waltz", 6, 2),
    "2/4": ("polka", 4, 2),
}
_SCALE = "GABcdefgab"

#: A tune in abcgen's own spelling, two sections of two bars.
SPELLED = (
    "X:1\nT:The Plain One\nR:jig\nM:6/8\nL:1/8\nK:D\n|:A|dfa agf|gec A2:|\n|:e|fdf ece|dAF D2:|\n"
)
#: A tune that has a canonical spelling by the second edition, and none by the first.
ONLY_BY_THE_SECOND = "X:901\nT:Full\nM:4/4\nL:1/8\nK:C\nG|CDEF GABc|cBAG FEDC|]\n"


def made_up_tune(number: int) -> str:
    """Return a tune that its number decides, two repeated sections of four bars."""
    draw = random.Random(number)
    meter, (rhythm, eighths, beat) = draw.choice(list(METERS.items()))
    lines = []
    for _ in range(2):
        place = draw.randrange(len(_SCALE))
        bars = []
        for _ in range(4):
            notes = []
            for index in range(eighths):
                place = min(max(place + draw.choice((-2, -1, -1, 1, 1, 2)), 0), len(_SCALE) - 1)
                notes.append(_SCALE[place] + (" " if index % beat == beat - 1 else ""))
            bars.append("".join(notes).strip())
        lines.append("|:" + "|".join(bars) + ":|")
    header = f"X:{number}\nT:Made Up No. {number}\nR:{rhythm}\nM:{meter}\nL:1/8\n"
    return header + f"K:{draw.choice(KEYS)}\n" + "\n".join(lines) + "\n"


def made_up_book(count: int, first: int = 1) -> str:
    """Return a tunebook of made-up tunes, numbered from `first`."""
    return "\n".join(made_up_tune(number) for number in range(first, first + count))


def respell(text: str) -> str:
    """Return a tune in abcgen's spelling."""
    return spell(read_tune(text))
