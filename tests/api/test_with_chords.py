"""Melodies over chords from Python."""

import re

import pytest

import abcgen
from abcgen.errors import CheckpointError, UsageError


@pytest.fixture(scope="module")
def folk() -> abcgen.Generator:
    return abcgen.load()


def test_a_melody_over_chords_and_the_same_again(folk: abcgen.Generator) -> None:
    tune = folk.improvise("F | Bb C7", choruses=2, rhythm="jig", title="Mine", seed=2)
    assert (tune.key, tune.meter, tune.rhythm, tune.title) == ("F", "6/8", "jig", "Mine")
    chords = ["F", "Bb", "C7"] * 2
    assert re.findall(r'"([^"]*)"', tune.abc) == chords
    assert abcgen.check(tune) is None
    assert folk.again(tune) == tune
    over_the_same = folk.improvise(tune, seed=3)
    assert re.findall(r'"([^"]*)"', over_the_same.abc) == chords
    assert (over_the_same.key, over_the_same.meter) == ("F", "6/8")
    with pytest.raises(CheckpointError, match="was made by other 1"):
        folk.again(re.sub("checkpoint [^,]*", "checkpoint other 1", tune.abc))


def test_what_is_wrong_with_a_seed(folk: abcgen.Generator) -> None:
    with pytest.raises(UsageError, match="seed must be a whole number"):
        folk.improvise("G", seed=-1)
