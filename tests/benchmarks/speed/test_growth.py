from benchmarks.harness.figures import (
    LESS,
    REPORTED,
)
from benchmarks.speed.growth import Mark, figures_of, sizes_to


def test_sizes_are_powers_of_ten_up_to_the_most() -> None:
    assert sizes_to(10_000) == [10, 100, 1000, 10_000]
    assert sizes_to(2000) == [10, 100, 1000, 2000]
    assert sizes_to(5) == [5]


def test_time_is_compared_with_100_tunes_and_memory_with_1000() -> None:
    marks = [
        Mark(10, 10, 5.0, 40),
        Mark(100, 100, 10.0, 50),
        Mark(1000, 1000, 200.0, 60),
        Mark(10_000, 10_000, 1000.0, 90),
    ]
    found = {one.name: one for one in figures_of("x", "reading", marks)}
    assert {name: one.ratio for name, one in found.items()} == {
        "growth/x time 10": 5,
        "growth/x time 1000": 2,
        "growth/x time 10000": 1,
        "growth/x memory 10000": 1.5,
    }
    # The first ten tunes are only reported.
    assert [one.better for one in found.values()] == [REPORTED, LESS, LESS, LESS]


def test_a_few_tunes_give_no_figures() -> None:
    assert not list(figures_of("x", "reading", [Mark(10, 10, 5.0, 40), Mark(50, 50, 9.0, 40)]))
