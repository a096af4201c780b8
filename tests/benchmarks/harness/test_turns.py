import itertools
import multiprocessing
from collections.abc import Callable
from functools import partial

from benchmarks.harness.turns import Turn, fastest, rounds


def test_the_fastest_of_some_turns_counts() -> None:
    taken: list[str] = []

    def contestant(name: str, *seconds: float) -> Callable[[], float]:
        left = iter(seconds)
        return lambda: taken.append(name) or next(left)  # type: ignore[func-returns-value]

    found = fastest({"we": contestant("we", 3, 1, 2), "they": contestant("they", 5, 7, 6)}, 3)
    assert found == {"we": 1, "they": 5}
    assert taken == ["we", "they"] * 3


def count_turns(start: float, turn: Turn) -> None:
    """Report in every turn one second less than in the one before."""
    turn.take(partial(next, itertools.count(start, -1)))


def test_contestants_are_processes_that_wait_for_their_turns() -> None:
    contestants = {"we": partial(count_turns, 9.0), "they": partial(count_turns, 90.0)}
    assert list(rounds(contestants, 2, 3)) == [{"we": 7, "they": 88}, {"we": 4, "they": 85}]
    assert not multiprocessing.active_children()
