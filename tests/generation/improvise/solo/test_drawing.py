import re
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.generation.improvise.improvisation import Improvisation, improvisation
from abcgen.generation.improvise.solo.drawing import draw_values, solo, solos
from abcgen.generation.improvise.solo.notes import Played
from abcgen.generation.improvise.solo.writing import chords_of, tune_of
from abcgen.generation.sampler import Sampler
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import Wishes
from abcgen.melodies.solo import KINDS, Value
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.notation.chart import read_chart
from tests.generation.engines import Dice

EVERY = Vocabulary(
    [END_OF_TUNE]
    + [
        Value(kind, Fraction(1, length), step).character
        for kind in KINDS
        for length in (4, 8, 12, 16)
        for step in (-2, 0, 2)
    ]
)


class Thrown(Dice):
    """An engine that finds all values equally likely, or prefers one."""

    def __init__(self, prefers: str = "") -> None:
        super().__init__()
        self.vocabulary, self.size, self.prefers = EVERY, len(EVERY), prefers

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = np.zeros((1, self.size), np.float32)
        if self.prefers:
            logits[0, EVERY.char2idx[self.prefers]] = 1
        return logits


def over(chords: str, temperature: float = 1.0, **options: str) -> Improvisation:
    return improvisation(read_chart(chords), seed=1, sampler=Sampler(temperature), **options)


def engine_of(streams: int) -> Thrown:
    return Thrown()


CHARTS = [
    ("|: Bb | Eb |1 F7 | F7 :|2 F7 | Bb", {}),
    ("Em | D Em | D / Bm | Em", {"meter": "6/8", "rhythm": "jig", "title": "Mine"}),
    ("D | G A7 D | D", {"meter": "3/4"}),
]


@pytest.mark.parametrize(("chords", "options"), CHARTS)
def test_solos_are_valid_and_have_the_chords(chords: str, options: dict[str, str]) -> None:
    asked = over(chords, **options)
    tunes = list(solos(engine_of, asked, range(1, 21)))
    assert len(set(tunes)) == 20
    for tune in tunes:
        assert complaint(tune) is None
        assert re.findall(r'"([^"]*)"', tune) == asked.chart.chords()
    assert f"\nT:{options.get('title', 'Solo')}\n" in tunes[0]


def test_a_number_determines_a_solo() -> None:
    asked = over("C | F | G7 | C")
    all_of_them = list(solos(engine_of, asked, [1, 2, 3]))
    assert list(solos(engine_of, asked, [3, 1])) == [all_of_them[2], all_of_them[0]]


def test_without_mending_many_cannot_be_written() -> None:
    asked = over("C | F G7 | C | C")
    raw = [solo(Thrown(), asked, number, mend=False) for number in range(1, 21)]
    mended = [solo(Thrown(), asked, number) for number in range(1, 21)]
    assert None not in mended
    assert raw.count(None) > 10  # triplets go over bar lines


def test_the_likeliest_value_is_taken_at_temperature_zero() -> None:
    character = Value("C", Fraction(1, 4), 2).character
    values = draw_values(Thrown(character), Sampler(0.0), Fraction(1), (1, 1, 1))
    assert [value.character for value in values] == [character] * 4


def test_the_end_of_a_phrase_is_no_value_and_never_comes_twice() -> None:
    values = draw_values(Thrown(END_OF_TUNE), Sampler(0.0), Fraction(1), (1, 1, 1))
    assert sum(value.length for value in values) >= 1


def held(chart: str, meter: str, change: Callable[[Played], Played] = lambda note: note) -> str:
    """Return a tune in which one note is held over all chords."""
    _, duration = chords_of(read_chart(chart), meter)
    note = change(Played(72, Fraction(0), duration))
    return tune_of([note], read_chart(chart), Wishes("C", meter)) or ""


def test_a_note_is_struck_again_at_bar_lines_and_chords() -> None:
    assert held("C F | G", "4/4").endswith('K:C\n"C"c4 "F"c4|"G"c8|]\n')
    assert held("C | %", "3/4").endswith('"C"c6|"C"c6|]\n')


def test_what_no_note_fills_is_a_rest() -> None:
    short = held("C | F", "4/4", lambda note: note._replace(end=Fraction(3, 4)))
    assert short.endswith('"C"c6z2|"F"z8|]\n')


def test_chords_that_do_not_share_a_bar_are_refused() -> None:
    with pytest.raises(UsageError, match="do not share a bar of 4/4 evenly"):
        solo(Thrown(), over("C F G | C"), 1)
