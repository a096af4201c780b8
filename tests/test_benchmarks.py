import itertools
import json
import multiprocessing
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import benchmarks.__main__ as command
from abcgen.generation.sampler import Choice
from benchmarks.harness.figures import (
    LESS,
    MORE,
    SHARE,
    TOLD,
    Figure,
    Kept,
    Run,
    compared,
    merged,
    not_measured,
    page,
    ratio_of,
    shown,
    sooner,
    table,
    uncompared,
    worse,
    worse_by,
)
from benchmarks.harness.machine import described, machine, memory_of, processor_of, version_of
from benchmarks.harness.settings import Settings
from benchmarks.harness.turns import Turn, fastest, rounds
from benchmarks.speed.bound import weight_bytes
from benchmarks.speed.growth import Mark, figures_of, sizes_to
from benchmarks.speed.shares import REST, Shares
from benchmarks.speed.streams import SteadyEngine, draw_on

MONDAY = Run("2026-01-05", "python -m benchmarks", {"processor": "An Old One"})
TUESDAY = Run("2026-01-06", "python -m benchmarks --only swim", {"processor": "A New One"})


def figure(name: str, ratio: float, better: str = MORE) -> Figure:
    return compared(name, "a fish", "a bicycle", better, [ratio], [1.0], "m/s")


# -- figures -------------------------------------------------------------------------------------


def test_a_ratio_is_the_median_of_the_runs_ratios_with_their_spread() -> None:
    # The medians alone would give 6 / 2; each run is compared with its own baseline.
    found = compared("swim/sea", "a fish", "a bicycle", MORE, [6, 8, 1], [2, 4, 1], "m/s")
    assert (found.least, found.ratio, found.most, found.runs) == (1, 2, 3, 3)
    assert (found.ours, found.theirs) == (6, 2)
    assert found.part == "swim"


def test_seconds_are_turned_over_so_that_more_is_better() -> None:
    found = sooner("swim/sea", "a fish", "a bicycle", [2.0], [6.0])
    assert (found.ratio, found.better, found.ours, found.unit) == (3, MORE, 2, "s")


def test_runs_of_unequal_number_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        compared("swim/sea", "a fish", "a bicycle", MORE, [1, 2], [1], "m/s")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (1, "1.00"),
        (12.34, "12.3"),
        (999.9, "1,000"),
        (45678, "45,700"),
    ],
)
def test_numbers_are_shown_with_three_digits(value: float, text: str) -> None:
    assert shown(value) == text


def test_one_run_has_no_spread_and_shares_are_percent() -> None:
    assert ratio_of(figure("swim/sea", 2)) == "2.00"
    several = compared("swim/sea", "a fish", "all", SHARE, [1, 2, 3], [8, 8, 8], "s")
    assert ratio_of(several) == "25.0% (12.5%..37.5%)"


@pytest.mark.parametrize(
    ("better", "now", "by"),
    [
        (MORE, 8, 0.2),
        (MORE, 12, -0.2),
        (LESS, 12, 0.2),
        (LESS, 8, -0.2),
        (SHARE, 1, 0),
        (TOLD, 9, 0),
    ],
)
def test_worse_is_less_of_what_should_be_more_and_the_other_way(
    better: str, now: float, by: float
) -> None:
    assert worse_by(better, 10, now) == pytest.approx(by)


@pytest.mark.parametrize(("better", "fails", "passes"), [(MORE, 2.4, 2.41), (LESS, 3.6, 3.59)])
def test_a_fifth_worse_is_named_and_less_is_not(better: str, fails: float, passes: float) -> None:
    kept = merged(Kept(), [figure("swim/sea", 3, better)], MONDAY)
    (line,) = worse(kept, [figure("swim/sea", fails, better)])
    assert line.startswith("swim/sea: 20% worse")
    assert "3.00 is kept" in line
    assert not worse(kept, [figure("swim/sea", passes, better)])


def test_what_cannot_be_compared_is_told_and_is_not_worse() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3)], MONDAY)
    absent = not_measured("swim/sea", "a fish", "a bicycle", MORE, "there is no sea")
    found = [absent, figure("swim/lake", 1)]
    assert not worse(kept, found)
    assert uncompared(kept, found) == [
        "swim/sea: there is no sea",
        "swim/lake: 1.00, and none is kept",
    ]
    assert not uncompared(kept, [figure("swim/sea", 1)])


def test_what_is_kept_changes_only_where_something_was_measured() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3), figure("run/road", 4)], MONDAY)
    kept = merged(kept, [figure("swim/sea", 5)], TUESDAY)
    assert {name: one.ratio for name, one in kept.figures.items()} == {"swim/sea": 5, "run/road": 4}
    assert [kept.runs[one.run] for one in kept.figures.values()] == [TUESDAY, MONDAY]


def test_what_could_not_be_measured_replaces_nothing_that_was() -> None:
    absent = not_measured("swim/sea", "a fish", "a bicycle", MORE, "there is no sea")
    kept = merged(Kept(), [absent], MONDAY)
    assert kept.figures["swim/sea"].note == "there is no sea"
    kept = merged(kept, [figure("swim/sea", 5)], TUESDAY)
    again = merged(kept, [absent], MONDAY)
    assert again == kept


def test_a_run_of_which_nothing_is_left_is_forgotten() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3)], MONDAY)
    kept = merged(kept, [figure("swim/sea", 5)], TUESDAY)
    assert kept.runs == [TUESDAY]
    assert kept.figures["swim/sea"].run == 0


def test_what_is_kept_comes_back_from_json() -> None:
    absent = not_measured("swim/lake", "a fish", "a bicycle", MORE, "it is dry")
    kept = merged(Kept(), [figure("swim/sea", 3), absent], MONDAY)
    assert Kept.from_json(kept.to_json()) == kept


def test_the_page_tells_figures_by_part_and_the_machine() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3), figure("run/road", 4)], MONDAY)
    text = page(kept, {"run": ("Running", "On feet."), "swim": ("Swimming", "In water.")})
    assert text.index("## Running") < text.index("| a fish | 4.00 | 4.00 m/s | a bicycle |")
    assert text.index("a bicycle") < text.index("## Swimming") < text.index("In water.")
    assert "2026-01-05, `python -m benchmarks`\n\n- processor: An Old One\n" in text
    assert "run |" not in text


def test_the_page_tells_of_each_figure_the_run_where_there_are_several() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3), figure("run/road", 4)], MONDAY)
    kept = merged(kept, [figure("swim/sea", 5)], TUESDAY)
    text = page(kept, {"swim": ("Swimming", ""), "run": ("Running", "")})
    assert "Run 2: 2026-01-06, `python -m benchmarks --only swim`" in text
    assert "| a fish | 5.00 | 5.00 m/s | a bicycle | 1.00 m/s | 2 |" in text
    assert "| a fish | 4.00 | 4.00 m/s | a bicycle | 1.00 m/s | 1 |" in text


def test_a_part_without_figures_is_left_out_of_the_page() -> None:
    assert "##" not in page(Kept(), {"swim": ("Swimming", "")})


def test_the_table_has_columns() -> None:
    lines = table([figure("swim/sea", 3), not_measured("a/b", "a", "b", MORE, "dry")]).splitlines()
    place = lines[0].index("ratio")
    assert [line[place:].split()[0] for line in lines] == ["ratio", "3.00", "dry"]


# -- the machine ---------------------------------------------------------------------------------


def test_the_processor_has_the_name_that_linux_knows_or_python_or_none() -> None:
    linux = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t: fpu\n"
    assert processor_of(linux, "x86_64") == "AMD EPYC"
    assert processor_of("model name\t:\nflags\t: fpu\n", "arm") == "arm"
    assert processor_of("", "") == "unknown"


def test_memory_is_in_gib_or_unknown() -> None:
    assert memory_of("MemTotal:       16777216 kB\nMemFree: 1 kB\n") == "16.0 GiB"
    assert memory_of("") == "unknown"


def test_what_is_not_installed_is_said_to_be_absent() -> None:
    assert version_of("no-such-distribution-at-all") == "not installed"
    assert version_of("numpy") == np.__version__


def test_the_machine_is_described_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.harness.machine._text", lambda path: "")
    monkeypatch.setattr("platform.processor", lambda: "")
    found = described()
    assert found["processor"] == found["memory"] == "unknown"
    assert all(found.values())
    assert "cores" in machine()


def test_it_is_told_whether_the_factors_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "abcgen.model.factors.readers", None)
    assert described()["abcgen"].endswith("factors in Python")
    monkeypatch.setitem(sys.modules, "abcgen.model.factors.readers", ModuleType("readers"))
    assert described()["abcgen"].endswith("factors in C")


# -- parts ---------------------------------------------------------------------------------------


def test_sizes_are_powers_of_ten_up_to_the_most() -> None:
    assert sizes_to(10_000) == [10, 100, 1000, 10_000]
    assert sizes_to(2000) == [10, 100, 1000, 2000]
    assert sizes_to(5) == [5]


def test_growth_is_told_against_a_hundred_tunes_and_memory_against_a_thousand() -> None:
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
    # How the first ten fare is no promise.
    assert [one.better for one in found.values()] == [TOLD, LESS, LESS, LESS]


def test_growth_of_a_few_tunes_is_nothing_to_tell() -> None:
    assert not list(figures_of("x", "reading", [Mark(10, 10, 5.0, 40), Mark(50, 50, 9.0, 40)]))


def test_a_step_reads_all_matrices_and_of_the_embedding_a_few_rows() -> None:
    tensors = [((2000, 96), True), ((1024, 512), True), ((1024,), True), ((128, 256), False)]
    assert weight_bytes(tensors, symbols=2000, read=12) == 12 * 96 + 1024 * 512


def test_a_clock_stops_while_an_inner_one_runs() -> None:
    now = [0.0]

    def spend(seconds: float) -> None:
        now[0] += seconds

    shares = Shares(lambda: now[0])
    inner = shares.timed("inner", lambda: spend(2))

    def work() -> None:
        spend(1)
        inner()
        spend(4)

    spend(100)
    shares.charge()
    shares.begin()
    shares.timed("outer", work)()
    spend(8)
    shares.charge()
    assert shares.seconds == {"outer": 5, "inner": 2, REST: 8}


def test_a_clock_goes_on_behind_what_fails() -> None:
    shares = Shares(iter(range(100)).__next__)

    def fail() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        shares.timed("failing", fail)()
    shares.charge()
    assert shares.seconds == {REST: 2, "failing": 1}


@pytest.mark.keras
def test_an_engine_stops_after_the_steps_that_are_asked_for(tiny: Path) -> None:
    checkpoint = Settings(str(tiny), 1, 100, tiny).network()

    class Counting(SteadyEngine):
        counts: list[int] = []  # noqa: RUF012

        def begin(self) -> None:
            self.counts.append(self._left)

        def end(self) -> None:
            self.counts.append(self._left)

    draw_on(Counting(checkpoint, 2, 30, 50), checkpoint, Choice(), masked=True)
    assert Counting.counts == [50, 0]


@pytest.mark.keras
def test_the_shares_of_a_loop_are_of_all_that_it_does(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.speed import shares

    monkeypatch.setitem(shares.STEPS, 2, (20, 60))
    found = shares.spent(Settings(str(tiny), 1, 100, tiny).network(), 2)
    assert {shares.NETWORK, shares.FACTORS, shares.MASK, shares.CHOICE, REST} <= set(found)
    assert all(seconds >= 0 for seconds in found.values())


def test_the_fastest_of_some_turns_counts() -> None:
    taken: list[str] = []

    def contestant(name: str, *seconds: float) -> Callable[[], float]:
        left = iter(seconds)
        return lambda: taken.append(name) or next(left)  # type: ignore[func-returns-value]

    found = fastest({"we": contestant("we", 3, 1, 2), "they": contestant("they", 5, 7, 6)}, 3)
    assert found == {"we": 1, "they": 5}
    assert taken == ["we", "they"] * 3


def count_turns(start: float, turn: Turn) -> None:
    """Tell in every turn one second less than in the one before."""
    turn.take(partial(next, itertools.count(start, -1)))


def test_contestants_are_processes_that_wait_for_their_turns() -> None:
    contestants = {"we": partial(count_turns, 9.0), "they": partial(count_turns, 90.0)}
    assert list(rounds(contestants, 2, 3)) == [{"we": 7, "they": 88}, {"we": 4, "they": 85}]
    assert not multiprocessing.active_children()


# -- the command ---------------------------------------------------------------------------------


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, list[Figure]]:
    """What the parts are to find; nothing is measured, and all is written into a folder."""
    found = {"streams": [figure("streams/sea", 3)], "jobs": [figure("jobs/road", 4, LESS)]}
    monkeypatch.setattr(command, "measured", lambda part, _: found.get(part, []))
    monkeypatch.setattr(command, "find_checkpoint", Path)
    monkeypatch.setattr(command, "read_checkpoint", lambda _: None)
    monkeypatch.setattr(command, "PAGE", tmp_path / "RESULTS.md")
    monkeypatch.setattr(command, "RATIOS", tmp_path / "ratios.json")
    return found


def test_a_run_writes_and_a_check_that_finds_the_same_passes(
    measured: dict[str, list[Figure]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--repeats", "3"]) == 0
    assert "`python -m benchmarks --repeats 3`" in command.PAGE.read_text()
    assert json.loads(command.RATIOS.read_text())["figures"]["streams/sea"]["ratio"] == 3
    assert command.main(["--check"]) == 0
    assert "nothing became 20 % worse" in capsys.readouterr().out


def test_a_check_names_each_that_became_worse_and_writes_nothing(
    measured: dict[str, list[Figure]], capsys: pytest.CaptureFixture[str]
) -> None:
    command.main([])
    before = command.PAGE.read_bytes(), command.RATIOS.read_bytes()
    measured["streams"] = [replace(measured["streams"][0], ratio=2.0)]
    measured["jobs"] = [replace(measured["jobs"][0], ratio=5.0)]
    capsys.readouterr()
    assert command.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert [line.split(":")[0] for line in told.splitlines() if "% worse" in line] == [
        "streams/sea",
        "jobs/road",
    ]
    assert (command.PAGE.read_bytes(), command.RATIOS.read_bytes()) == before


def test_a_check_without_kept_ratios_fails(
    measured: dict[str, list[Figure]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--check"]) == 1
    assert "run without --check first" in capsys.readouterr().err
    assert not command.RATIOS.exists()


def test_only_some_parts_leave_the_others_as_they_were(
    measured: dict[str, list[Figure]],
) -> None:
    command.main([])
    measured["streams"] = [replace(measured["streams"][0], ratio=2.0)]
    measured["jobs"] = [replace(measured["jobs"][0], ratio=1.0)]
    command.main(["--only", "jobs"])
    kept = Kept.from_json(command.RATIOS.read_text())
    assert {name: one.ratio for name, one in kept.figures.items()} == {
        "streams/sea": 3,
        "jobs/road": 1,
    }


@pytest.mark.parametrize("part", command.PARTS)
def test_each_part_says_what_it_is(part: str) -> None:
    module = command.module_of(part)
    assert module.TITLE
    assert module.ABOUT.endswith(".")
    assert callable(module.measure)


def test_what_is_tried_in_training_can_be_typed_and_is_told_apart() -> None:
    from abcgen.train import build_parser
    from benchmarks.quality.training import VARIANTS

    for variant in VARIANTS:
        python, *module = variant.command.split()[:3]
        assert (python, module) == ("python", ["-m", "abcgen.train"])
        given = build_parser().parse_args(variant.command.split()[3:])
        assert given.name == variant.name
        for name, value in variant.changes.items():
            assert getattr(given, name) == value
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


def test_a_run_that_was_cut_off_is_not_taken_for_a_trained_network(
    tiny: Path, tmp_path: Path
) -> None:
    from benchmarks.quality.recipes import is_finished

    assert is_finished(tiny)
    cut = tmp_path / "cut"
    assert not is_finished(cut)
    shutil.copytree(tiny, cut)
    history = cut / "history.csv"
    *rows, _ = history.read_text(encoding="utf-8").splitlines(keepends=True)
    history.write_text("".join(rows), encoding="utf-8")
    assert not is_finished(cut)
