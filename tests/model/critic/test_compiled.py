"""Words counted in C: the same as in Python."""

import importlib
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import abcgen.model.critic
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.critic import critic, words
from abcgen.model.critic.words import TICKS, words_of
from abcgen.model.plans.outline import bars_of
from tests.evaluation.telltale.tunes import section, tune
from tests.walks import some_wishes, tame_alphabet, walk

compiled = pytest.importorskip(
    "abcgen.model.critic.compiled", reason="there was no C compiler", exc_type=ImportError
)
REEL = tune(section("ABCDABEF"), section("GHCDGHEH"))
FOLKS = critic.Critic.load(read_checkpoint("folk").critic_file or Path()).weights


def assert_same_counts(text: str) -> None:
    known = sorted({*words_of(text), *words_of(REEL), *FOLKS})
    found = zip(known, compiled.Words(known).count(text).tolist(), strict=True)
    counts = Counter(words_of(text))
    assert {word: count for word, count in found if count} == counts
    assert np.array_equal(compiled.Words(known).count(text), words.Words(known).count(text))


@pytest.mark.parametrize(
    "text",
    [
        REEL,
        tune(*[section("ABCDEFGH" * 3)] * 3, key="F#m"),
        tune('"C"c4 d4|"F"f4 "G"g2 ^a2|e8|"C"c8', '"Am"c8|"G7"=B4 _B4|z8|"C"[ce]4 z4'),
        tune("C,2 c''2 (3cde f2|z8|c/d/e/f/ g>a b<c' c2|G8"),
        tune("ABcd|[1e4:|[2f4", meter="2/4"),
        tune("^cdef gabc'|cdef gabc'|_cdef gabc'|cdef gabc'"),
        tune("z8|z8"),
        "X:1\nM:4/4\nL:1/8\nK:C\n",
        "",
    ],
)
def test_c_and_python_count_the_same(text: str) -> None:
    assert_same_counts(text)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), length=st.integers(0, 500))
def test_so_they_do_in_whatever_the_grammar_allows(seed: int, length: int) -> None:
    draw = random.Random(seed)
    assert_same_counts(walk(draw, length, some_wishes(draw), tame_alphabet(draw)).text)


def test_what_is_no_bar_is_refused() -> None:
    known = compiled._words.known(["steps 1 1"])

    def count(bars: Any, tonic: int = 0, ticks: int = TICKS, counts: Any = None) -> None:
        counts = np.zeros(1, np.int32) if counts is None else counts
        compiled._words.count(known, bars, tonic, ticks, counts)

    (bar,) = bars_of(tune("c8").rstrip("\n"))
    count([bar])
    for of, wrong in (
        ("notes", [(0, 23)]),
        ("notes", [(0, 23, "^^^^")]),
        ("notes", [(-1, 23, "")]),
        ("notes", ["c"]),
        ("notes", None),
        ("roots", [(0, "H")]),
        ("roots", [(0, "")]),
        ("roots", [(0, 3)]),
        ("size", 1 << 40),
        ("section", "A"),
    ):
        (bar,) = bars_of(tune("c8").rstrip("\n"))
        setattr(bar, of, wrong)
        with pytest.raises((TypeError, ValueError, IndexError, OverflowError)):
            count([bar])
    for wrong in ([None], None):
        with pytest.raises((TypeError, AttributeError)):
            count(wrong)
    for changed in ({"tonic": 7}, {"ticks": 0}, {"counts": np.zeros(2, np.int32)}):
        with pytest.raises(ValueError, match="not as many counts as words"):
            count([], **changed)  # type: ignore[arg-type]
    for wrong in ([1], None):
        with pytest.raises(TypeError):
            compiled._words.known(wrong)


def test_what_was_compiled_for_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abcgen.model.critic._words.version", "0.1")
    with pytest.raises(ImportError, match="install it again"):
        importlib.reload(compiled)


def test_where_nothing_was_compiled_python_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    known = sorted(set(words_of(REEL)))[::3]
    weights = {word: float(len(word)) for word in known}
    score = critic.Critic(weights, 0.0).score(REEL)
    assert isinstance(critic.words_in(known), compiled.Words)
    monkeypatch.delattr(abcgen.model.critic, "compiled")
    monkeypatch.setitem(sys.modules, "abcgen.model.critic.compiled", None)
    assert isinstance(critic.words_in(known), words.Words)
    assert critic.Critic(weights, 0.0).score(REEL) == score
