from pathlib import Path

import pytest

from benchmarks.harness.figures import (
    Kept,
)
from benchmarks.harness.settings import Settings
from benchmarks.speed import shares
from benchmarks.speed.shares import REST, Shares
from tests.benchmarks.pages import RESULTS


def test_a_clock_stops_while_an_inner_one_runs() -> None:
    now = [0.0]

    def spend(seconds: float) -> None:
        now[0] += seconds

    clocks = Shares(lambda: now[0])
    inner = clocks.timed("inner", lambda: spend(2))

    def work() -> None:
        spend(1)
        inner()
        spend(4)

    spend(100)
    clocks.charge()
    clocks.begin()
    clocks.timed("outer", work)()
    spend(8)
    clocks.charge()
    assert clocks.seconds == {"outer": 5, "inner": 2, REST: 8}


def test_a_clock_goes_on_after_an_exception() -> None:
    clocks = Shares(iter(range(100)).__next__)

    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        clocks.timed("failing", fail)()
    clocks.charge()
    assert clocks.seconds == {REST: 2, "failing": 1}


@pytest.mark.keras
def test_the_shares_of_a_loop_are_of_all_that_it_does(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(shares.STEPS, 2, (20, 60))
    found = shares.spent(Settings(str(tiny), 1, 100, tiny).network(), 2)
    assert {shares.NETWORK, shares.FACTORS, shares.MASK, shares.CHOICE, REST} <= set(found)
    assert all(seconds >= 0 for seconds in found.values())


def test_shares_are_kept_by_the_same_names() -> None:
    kept = Kept.from_json((RESULTS / "amx" / "ratios.json").read_text(encoding="utf-8"))
    spent = dict.fromkeys(shares._SHOWN, 1.0)
    for streams in shares.STEPS:
        found = {one.name: one for one in shares.figures_of(streams, [spent], 100)}
        assert found.keys() == {
            name for name in kept.figures if name.startswith(f"shares/{streams} ")
        }
        assert all(one.what == kept.figures[name].what for name, one in found.items())
