import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import AbcgenError, NotationError
from abcgen.evaluation.telltale.area import Area, area, area_of
from abcgen.evaluation.telltale.classifiers import CLASSIFIERS
from tests.evaluation.telltale.tunes import section, tune

SCORES = st.lists(st.integers(0, 6), min_size=2, max_size=12)


def pairwise(people: list[int], drawn: list[int]) -> tuple[float, float]:
    """Return the area by a count of all pairs, and its variance by DeLong's formulas as printed."""
    wins = np.array([[(x > y) + (x == y) / 2 for y in people] for x in drawn])
    value = wins.mean()
    of_drawn = ((wins.mean(axis=1) - value) ** 2).sum() / (len(drawn) - 1)
    of_people = ((wins.mean(axis=0) - value) ** 2).sum() / (len(people) - 1)
    return float(value), float(of_drawn / len(drawn) + of_people / len(people))


@given(SCORES, SCORES)
def test_the_area_is_that_of_all_pairs(people: list[int], drawn: list[int]) -> None:
    found = area_of(np.array(people, float), np.array(drawn, float))
    value, variance = pairwise(people, drawn)
    assert found.value == pytest.approx(value)
    half = 1.959964 * variance**0.5
    assert found.low == pytest.approx(max(0, value - half), abs=1e-9)
    assert found.high == pytest.approx(min(1, value + half), abs=1e-9)
    assert (found.people, found.drawn) == (len(people), len(drawn))


def test_an_area_as_text() -> None:
    assert str(Area(0.95, 0.9, 0.9876, 3, 4)) == "0.950 (0.900 to 0.988)"


def some(count: int, plans: list[str], seed: int) -> list[str]:
    """Return tunes in plans, of bars that are drawn at random."""
    draw = random.Random(seed)

    def bars() -> list[str]:
        return ["".join(draw.choice("cdefgab") for _ in range(8)) for _ in range(8)]

    return [tune(section(draw.choice(plans), bars())) for _ in range(count)]


RETURNS, NONE = ["ABCDABEF", "ABCDABCE"], ["ABCDEFGH"]


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_the_same_kind_of_tunes_cannot_be_told_apart(classifier: str) -> None:
    kinds = [some(count, RETURNS, seed) for seed, count in enumerate((40, 40, 50, 50))]
    found = area(*kinds, classifier=classifier)
    assert 0.3 < found.value < 0.7
    assert found.low < 0.5 < found.high


@pytest.mark.parametrize("classifier", list(CLASSIFIERS)[:2])
def test_bars_that_never_come_back_tell(classifier: str) -> None:
    kinds = [some(40, RETURNS, 1), some(40, NONE, 2), some(30, RETURNS, 3), some(40, NONE, 4)]
    found = area(*kinds, classifier=classifier)
    assert found.value > 0.95
    assert (found.people, found.drawn) == (30, 40)


def test_ngrams_tell_what_is_played() -> None:
    def scales(seed: int) -> list[str]:
        return [text.replace("c", "d") for text in some(40, RETURNS, seed)]

    found = area(some(40, RETURNS, 1), scales(2), some(30, RETURNS, 3), scales(4), "n-grams")
    assert found.value > 0.9


def test_areas_are_the_same_each_time() -> None:
    kinds = [some(30, RETURNS, 1), some(30, NONE, 2), some(20, RETURNS, 3), some(20, RETURNS, 4)]
    assert area(*kinds) == area(*kinds)


def test_rests_alone_are_judged_like_any_tune() -> None:
    silent = [tune("z8|z8")] * 20
    assert area(some(20, RETURNS, 1), silent, some(10, RETURNS, 2), silent).value == 1


def test_what_cannot_be_read_is_an_error() -> None:
    good = some(5, NONE, 1)
    with pytest.raises(NotationError):
        area(good, ["no tune"], good, good)


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    good = some(5, NONE, 1)
    with pytest.raises(AbcgenError, match=r"pip install 'abcgen\[evaluate\]'"):
        area(good, good, good, good)
