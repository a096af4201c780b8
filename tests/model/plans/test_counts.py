"""Values drawn as they were seen: in their contexts, and where these are new, in shorter ones."""

import random
from collections import Counter

import pytest

from abcgen.model.plans.counts import Counts

SEEN = [(("a", ""), (1,)), (("a", ""), (1,)), (("a", ""), (2, 3)), (("b", ""), (4,))]


def shares(counts: Counts, context: str) -> dict[tuple[int, ...], float]:
    """Return how often each value is drawn in a context."""
    chance = random.Random(0)
    drawn = Counter(counts.draw((context, ""), chance) for _ in range(4000))
    return {value: count / 4000 for value, count in drawn.items()}


def test_values_are_drawn_as_often_as_their_cost_says() -> None:
    counts = Counts.of(1.0, SEEN)
    for context in ("a", "b", "c"):
        for value, share in shares(counts, context).items():
            expected = 2 ** -counts.bits((context, ""), value)
            assert share == pytest.approx(expected, abs=0.03)


def test_a_context_leans_on_a_shorter_one_by_what_was_seen_there() -> None:
    """Of b only one value was seen: half of it is what was seen anywhere, 1 in 4 of that itself."""
    counts = Counts.of(1.0, SEEN)
    assert 2 ** -counts.bits(("b", ""), (4,)) == pytest.approx(0.5 + 0.5 * (1 / 4))


def test_what_was_never_seen_is_costly_and_never_drawn() -> None:
    counts = Counts.of(1.0, SEEN)
    assert counts.bits(("a", ""), (9,)) > counts.bits(("a", ""), (4,)) + 3
    assert (9,) not in shares(counts, "a")


def test_the_same_is_drawn_after_it_was_kept_as_arrays() -> None:
    counts = Counts.of(2.0, SEEN)
    again = Counts.from_arrays(counts.arrays())
    assert shares(again, "a") == shares(counts, "a")
    assert again.bits(("a", ""), (2, 3)) == counts.bits(("a", ""), (2, 3))
