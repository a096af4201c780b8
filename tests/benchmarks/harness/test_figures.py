import pytest

from benchmarks.harness.figures import (
    LESS,
    MORE,
    REPORTED,
    SHARE,
    Figure,
    Kept,
    Run,
    compared,
    merged,
    not_measured,
    page,
    ratio_of,
    shown,
    table,
    times_as_fast,
    uncompared,
    worse,
    worse_by,
)

MONDAY = Run("2026-01-05", "python -m benchmarks", {"processor": "An Old One", "cores": "2"})


TUESDAY = Run(
    "2026-01-06", "python -m benchmarks --only swim", {"processor": "A New One", "cores": "2"}
)


def figure(name: str, ratio: float, better: str = MORE) -> Figure:
    return compared(name, "a fish", "a bicycle", better, [ratio], [1.0], "m/s")


def test_a_ratio_is_the_median_of_the_runs_ratios_with_their_range() -> None:
    # The medians alone would give 6 / 2; each run is compared with its own baseline.
    found = compared("swim/sea", "a fish", "a bicycle", MORE, [6, 8, 1], [2, 4, 1], "m/s")
    assert (found.least, found.ratio, found.most, found.runs) == (1, 2, 3, 3)
    assert (found.ours, found.theirs) == (6, 2)
    assert found.part == "swim"


def test_of_seconds_less_is_faster() -> None:
    found = times_as_fast("swim/sea", "a fish", "a bicycle", [2.0], [6.0])
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


def test_one_run_has_no_range_and_shares_are_percent() -> None:
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
        (REPORTED, 9, 0),
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


def test_what_cannot_be_compared_is_reported_and_is_not_worse() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3)], MONDAY)
    absent = not_measured("swim/sea", "a fish", "a bicycle", MORE, "there is no sea")
    found = [absent, figure("swim/lake", 1)]
    assert not worse(kept, found)
    assert uncompared(kept, found) == [
        "swim/sea: there is no sea",
        "swim/lake: 1.00, and no ratio is kept",
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


def test_the_page_shows_figures_by_part_and_the_machine() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3), figure("run/road", 4)], MONDAY)
    text = page(kept, {"run": ("Running", "On feet."), "swim": ("Swimming", "In water.")})
    assert text.index("## Running") < text.index("| a fish | 4.00 | 4.00 m/s | a bicycle |")
    assert text.index("a bicycle") < text.index("## Swimming") < text.index("In water.")
    assert "2026-01-05, `python -m benchmarks`\n\n- processor: An Old One\n" in text
    assert "run |" not in text


def test_the_page_names_the_run_of_each_figure_if_there_are_several() -> None:
    kept = merged(Kept(), [figure("swim/sea", 3), figure("run/road", 4)], MONDAY)
    kept = merged(kept, [figure("swim/sea", 5)], TUESDAY)
    text = page(kept, {"swim": ("Swimming", ""), "run": ("Running", "")})
    assert "\nAll runs:\n\n- cores: 2\n\nRun 1: " in text
    named = "\nRun 2: 2026-01-06, `python -m benchmarks --only swim`; processor A New One\n"
    assert named in text
    assert "| a fish | 5.00 | 5.00 m/s | a bicycle | 1.00 m/s | 2 |" in text
    assert "| a fish | 4.00 | 4.00 m/s | a bicycle | 1.00 m/s | 1 |" in text


def test_a_part_without_figures_is_left_out_of_the_page() -> None:
    assert "##" not in page(Kept(), {"swim": ("Swimming", "")})


def test_the_table_has_columns() -> None:
    lines = table([figure("swim/sea", 3), not_measured("a/b", "a", "b", MORE, "dry")]).splitlines()
    place = lines[0].index("ratio")
    assert [line[place:].split()[0] for line in lines] == ["ratio", "3.00", "dry"]
