"""Remarks of tunes over chords, read back."""

from fractions import Fraction

import pytest

from abcgen.errors import CorpusError
from abcgen.generation.improvise.improvisation import improvisation
from abcgen.generation.improvise.remark import (
    RemarkedMelody,
    improvise_remark,
    read_improvise_remark,
)
from abcgen.generation.remark import with_remark
from abcgen.generation.sampler import Sampler
from abcgen.notation.chart import read_chart

TUNE = 'X:7\nT:Mine\nR:reel\nM:4/4\nL:1/8\nK:D\n|:"D"d4 d4|"A7"A8:|\n'


def test_a_remark_reads_back() -> None:
    asked = improvisation(
        read_chart("|: D | A7 :|"),
        seed=5,
        choruses=2,
        pickup="1/8",
        key="D",
        rhythm="reel",
        title="Mine",
        sampler=Sampler(0.8, 5, 0.9),
        close=2.5,
    )
    made = RemarkedMelody("folk 6 abc", asked, 3)
    read = read_improvise_remark(with_remark(TUNE, improvise_remark(made)), "it")
    assert read is not None
    assert read.asked.chart.sections * 2 == asked.chart.sections
    assert (read.asked.choruses, read.asked.pickup) == (2, Fraction(1, 8))
    assert read._replace(asked=asked) == made
    assert (read.asked.wishes, read.asked.sampler) == (asked.wishes, asked.sampler)
    assert (read.asked.seed, read.asked.close) == (5, 2.5)


def test_tunes_of_older_versions_have_no_pickups() -> None:
    words = "0.9.0, checkpoint folk, seed 1, tune 1, temperature 0.9, close 1.0"
    read = read_improvise_remark(with_remark(TUNE, f"N:abcgen.improvise {words}"), "it")
    assert read is not None
    assert (read.asked.choruses, read.asked.pickup) == (1, 0)


def test_a_tune_without_such_a_remark() -> None:
    assert read_improvise_remark(TUNE, "it") is None


@pytest.mark.parametrize("words", ["1.0", "1.0, checkpoint folk, seed x, tune 1"])
def test_a_remark_that_was_changed(words: str) -> None:
    with pytest.raises(CorpusError, match="its remark is not worded"):
        read_improvise_remark(with_remark(TUNE, f"N:abcgen.improvise {words}"), "it")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("tune 1", "tune 0"), "tune must be a whole number, 1 or more, not 0"),
        (("seed 1", "seed -1"), "seed must be a whole number, 0 or more, not -1"),
        (("seed 1", "seed 1, choruses 0"), "choruses must be a whole number, 1 to 128, not 0"),
        (("close 1.0", "close 1.0, rhythm"), "no rhythm 'tango'"),
    ],
)
def test_what_no_tune_can_be_is_refused(change: tuple[str, str], expected: str) -> None:
    words = "0.9.0, checkpoint folk, seed 1, tune 1, temperature 0.9, close 1.0"
    text = with_remark(TUNE.replace("reel", "tango"), f"N:abcgen.improvise {words}")
    assert read_improvise_remark(text) is not None
    with pytest.raises(CorpusError, match=expected):
        read_improvise_remark(text.replace(*change))
