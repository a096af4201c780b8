from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abcgen.evaluation.likeness import distance
from abcgen.evaluation.likeness.distance import as_many, compare_counts, divisions, js_distance

histograms = st.lists(st.integers(0, 1000), min_size=4, max_size=4).map(np.array)


@given(histograms, histograms)
def test_the_distance_of_histograms(one: NDArray[Any], other: NDArray[Any]) -> None:
    assume(one.any() and other.any())
    found = float(js_distance(one, other))
    assert 0 <= found <= 1
    assert found == pytest.approx(float(js_distance(other, one)))
    assert float(js_distance(one, 7 * one)) == pytest.approx(0, abs=1e-7)
    if not (one * other.sum() == other * one.sum()).all():
        assert found > 1e-6
    assert (found > 1 - 1e-9) == (not (one * other).any())


@given(histograms, histograms, histograms)
def test_the_triangle_inequality(
    one: NDArray[Any], other: NDArray[Any], third: NDArray[Any]
) -> None:
    """It holds for the root of the divergence, not for the divergence itself."""
    assume(one.any() and other.any() and third.any())
    round_about = js_distance(one, third) + js_distance(third, other)
    assert js_distance(one, other) <= round_about + 1e-9


def test_distances_by_hand() -> None:
    # From the middle (3/4, 1/4): log2(4/3) and (log2(2/3) + log2(2)) / 2, their mean's root.
    expected = np.sqrt((np.log2(4 / 3) + (np.log2(2 / 3) + 1) / 2) / 2)
    assert js_distance(np.array([8, 0]), np.array([1, 1])) == pytest.approx(expected)
    assert np.isnan(js_distance(np.array([0, 0]), np.array([1, 1])))
    both = js_distance(np.array([[1, 0], [1, 1]]), np.array([[0, 1], [2, 2]]))
    assert both.tolist() == [1, 0]


@given(st.integers(1, 30), st.integers(2, 30), st.integers(0, 9))
def test_a_division_divides(samples: int, corpus: int, seed: int) -> None:
    for one in list(divisions(samples, corpus, seed))[:3]:
        assert sorted([*one.people, *one.rest]) == list(range(corpus))
        assert sorted([*one.half, *one.other_half]) == list(range(corpus))
        assert len(one.half) == corpus // 2
        assert len(one.people) == len(one.sampled) == as_many(samples, corpus)
        assert len(one.rest) >= corpus / 2
        assert len(set(one.sampled)) == len(one.sampled)
        assert set(one.sampled) <= set(range(samples))


def tunes_of(generator: np.random.Generator, count: int, bias: float = 0.0) -> NDArray[np.int64]:
    shares = np.arange(1.0, 7.0) + bias * np.arange(6)[::-1]
    return generator.multinomial(50, shares / shares.sum(), size=count)


@pytest.mark.parametrize("count", [10, 100, 300])
def test_tunes_like_the_corpus_are_as_far_as_its_own(count: int) -> None:
    generator = np.random.default_rng(1)
    corpus = tunes_of(generator, 200)
    like = compare_counts(tunes_of(generator, count), corpus, 1)
    assert like.to_people == pytest.approx(1, abs=0.35)
    unlike = compare_counts(tunes_of(generator, count, 2.0), corpus, 1)
    assert unlike.to_people is not None and unlike.to_people > 2
    assert like.sampled is not None and like.halves is not None
    if count < 100:  # a small sample is far by chance
        assert like.sampled > 2 * like.halves
    else:
        assert like.people == like.halves and like.to_people == like.to_halves
    assert (
        compare_counts(corpus, corpus, 1)
        == compare_counts(corpus, corpus, 1)
        != compare_counts(corpus, corpus, 2)
    )


def test_nothing_to_compare_is_none() -> None:
    empty, same = np.zeros((3, 2), np.int64), np.array([[4, 0]] * 4)
    found = compare_counts(empty, same, 1)
    assert (found.sampled, found.people, found.halves) == (None, 0, 0)
    assert found.to_people is found.to_halves is None
    found = compare_counts(np.array([[0, 4]]), same, 1)
    assert (found.sampled, found.to_people) == (1, None)


@pytest.mark.parametrize("count", [5, 40])
def test_distances_are_means_over_many_divisions(count: int) -> None:
    corpus, samples = tunes_of(np.random.default_rng(1), 30), tunes_of(np.random.default_rng(2), 40)
    samples = samples[:count]
    divided = list(divisions(count, 30, 1))
    assert len(divided) == distance.DIVISIONS

    def apart(tunes: NDArray[Any], others: NDArray[Any]) -> float:
        return float(js_distance(sum(tunes), sum(others)))

    sampled = [apart(samples[one.sampled], corpus[one.rest]) for one in divided]
    people = [apart(corpus[one.people], corpus[one.rest]) for one in divided]
    halves = [apart(corpus[one.half], corpus[one.other_half]) for one in divided]
    found = compare_counts(samples, corpus, 1)
    assert found.sampled == pytest.approx(np.mean(sampled))
    assert found.people == pytest.approx(np.mean(people))
    assert found.halves == pytest.approx(np.mean(halves))
    assert len({round(one, 9) for one in people}) > distance.DIVISIONS / 2
