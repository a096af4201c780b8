from collections.abc import Sequence

import pytest

from abcgen.evaluation.likelihood.comparison import TOGETHER, compare_models, table
from abcgen.evaluation.likelihood.compressors import Zpaq
from abcgen.evaluation.likelihood.text_model import Score, characters_of

HEADER = "X:1\nT:T\nM:2/4\nL:1/8\nK:G\n"


class Fixed:
    """A model that needs `bits` for each character and, if `certain`, is always right."""

    def __init__(self, name: str, bits: float, certain: bool) -> None:
        self.name, self.bits, self.certain = name, bits, certain

    def score(self, tunes: Sequence[str]) -> Score:
        count = characters_of(tunes)
        return Score(self.bits * count, count if self.certain else None)


def test_the_figures_of_rows() -> None:
    one, two = HEADER + "GABc|\n", HEADER + "G4|\n"
    models = [Fixed("net", 1.5, True), Fixed(Zpaq.name, 2.0, False)]
    rows = compare_models(models, {"first": [one], "second": [two, two]})
    assert [(row.book, row.model) for row in rows] == [
        (book, model) for book in ("first", "second", TOGETHER) for model in ("net", "zpaq -m5")
    ]
    first, last = rows[0], rows[-2]
    assert (first.tunes, first.notes, first.characters) == (1, 4, len(one) + 1)
    assert (last.tunes, last.notes, last.characters) == (3, 6, len(one + two + two) + 3)
    assert first.bits_per_char == pytest.approx(1.5)
    assert first.bits_per_note == pytest.approx(1.5 * (len(one) + 1) / 4)
    assert (first.accuracy, rows[1].accuracy) == (1, None)
    assert first.fewer_than_zpaq == pytest.approx(0.25)
    assert table(rows).splitlines()[1].split() == [
        *("first", "net", "1.5000", f"{1.5 * (len(one) + 1) / 4:.4f}", "100.00%", "25.0%")
    ]
    without_zpaq = compare_models(models[:1], {"first": [one]})
    assert [row.book for row in without_zpaq] == ["first"]
    assert without_zpaq[0].fewer_than_zpaq is None
