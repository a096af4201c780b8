import pytest

import abcgen
from abcgen.errors import AbcgenError, CheckpointError, CorpusError, NotationError, UsageError
from tests.tunes import SPELLED

MIXED = (
    "X:1\nT:Mixed\nR:reel\nM:4/4\nL:1/8\nK:D\n|:d2f2 afdf|d2fa b2af|d2f2 afdf|d2fa b2af:|\n"
    "|:g2e2 efge|a2f2 fgaf|g2e2 cdec|d4 d4:|\n"
)


@pytest.fixture(scope="module")
def folk() -> abcgen.Generator:
    return abcgen.load()


def test_bars_are_written_anew_and_again(folk: abcgen.Generator) -> None:
    base = abcgen.Tune(SPELLED.replace("X:1", "X:8"))
    tunes = folk.redraw(base, [1, 3], alternatives=3, seed=2, streams=16, behind=4)
    assert len({tune.abc for tune in tunes}) == 3
    assert tunes == folk.redraw(str(base), "1,3", alternatives=3, seed=2, streams=16, behind=4)
    assert tunes[:1] == folk.redraw(base, keep="0,2,4", seed=2, streams=16, behind=4)
    for number, tune in enumerate(tunes, start=8):
        assert abcgen.check(tune) is None
        assert tune.abc.startswith(f"X:{number}\nT:The Plain One\n")
        assert "streams 16, behind 4" in tune.abc
        assert tune.request is None
        assert folk.again(tune, base) == tune


def test_a_tune_that_was_redrawn_is_a_base_like_any_other(folk: abcgen.Generator) -> None:
    (first,) = folk.redraw(SPELLED, 1, seed=1, streams=8)
    (second,) = folk.redraw(first, 3, seed=1, streams=8)
    assert folk.again(second, first) == second
    with pytest.raises(CorpusError, match="digest"):
        folk.again(second, SPELLED)


def test_variations_answers_and_other_ends(folk: abcgen.Generator) -> None:
    for tunes in (
        folk.vary(SPELLED, seed=1, alternatives=2),
        folk.vary(SPELLED, 2, seed=1, strictness=5, alternatives=2),
        folk.answer(SPELLED, "1-2", seed=1, alternatives=2),
        folk.go_on(SPELLED, 3, seed=1, alternatives=2),
    ):
        assert len(set(tunes)) == 2
        assert all(abcgen.check(tune) is None for tune in tunes)


def test_strict_variations_change_less(folk: abcgen.Generator) -> None:
    """Notes on beats of bars 1 and 3, over all alternatives in their order."""
    from abcgen.generation.redraw.bars import barred
    from abcgen.generation.redraw.taste import _changes

    base = barred(SPELLED, folk.checkpoint.vocabulary)
    numbers = frozenset({1, 3})
    free = base.written(numbers)

    def changes(strictness: float) -> float:
        (tune,) = folk.vary(SPELLED, numbers, seed=3, strictness=strictness)
        new = barred(tune.abc, folk.checkpoint.vocabulary)
        return _changes(base, free, [new.music(bar) for bar in new.written(numbers)])

    assert changes(50) <= 1 < changes(0)


def test_bits_of_bars_find_the_odd_one(folk: abcgen.Generator) -> None:
    bits = folk.bar_bits(SPELLED.replace("fdf ece", "^C,6"))
    assert list(bits) == [0, 1, 2, 3, 4]
    assert max(bits, key=lambda bar: bits[bar]) == 3


def test_what_is_impossible_is_an_error(folk: abcgen.Generator) -> None:
    wrong: list[dict[str, object]] = [
        {"bars": 40},
        {"bars": []},
        {"bars": "0-4"},
        {"bars": 1, "seed": -1},
        {"bars": 1, "alternatives": 0},
        {"bars": 1, "streams": 5000},
        {"bars": 1, "behind": -1},
        {"bars": 1, "temperature": -1.0},
    ]
    for options in wrong:
        with pytest.raises(UsageError):
            folk.redraw(SPELLED, **options)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="strictness"):
        folk.vary(SPELLED, strictness=-1)
    with pytest.raises(NotationError):
        folk.redraw("no tune", 1)
    with pytest.raises(AbcgenError, match="wrote nothing else"):
        folk.redraw(folk.redraw(SPELLED, 2, temperature=0, streams=1)[0], 2, temperature=0)
    with pytest.raises(AbcgenError, match=r"^in 1 attempt the network"):
        stuck = folk.redraw(SPELLED, 2, temperature=0, streams=1)[0]
        folk.redraw(stuck, 2, temperature=0, streams=1)
    tune = folk.redraw(SPELLED, 1, seed=1, streams=8)[0]
    with pytest.raises(CorpusError, match=r"N:abcgen\.redraw"):
        folk.again(SPELLED, SPELLED)
    with pytest.raises(CheckpointError, match="was made by other"):
        folk.again(tune.abc.replace(folk.checkpoint.label, "other 1 00"), SPELLED)


def test_the_bars_of_a_score_have_numbers(folk: abcgen.Generator) -> None:
    tune = abcgen.Tune(SPELLED)
    numbers = folk.bar_numbers(tune)
    assert numbers == [0, 1, 2, 2, 3, 4]
    assert tune.svg().count('class="measure"') == len(numbers)


@pytest.mark.parametrize(("how", "sign"), [("simplify", -1), ("ornament", 1)])
def test_bars_with_fewer_notes_or_more(folk: abcgen.Generator, how: str, sign: int) -> None:
    base = abcgen.Tune(MIXED)
    tunes = getattr(folk, how)(base, "3-4", seed=1, alternatives=2)
    for tune in tunes:
        assert abcgen.check(tune) is None
        assert sign * (len(tune.music().notes) - len(base.music().notes)) > 0
        assert folk.again(tune, base) == tune


def test_an_excerpt_is_the_bars_and_those_around(folk: abcgen.Generator) -> None:
    short = folk.excerpt(MIXED, "3")
    assert short.abc == "X:1\nM:4/4\nL:1/8\nK:D\nd2fa b2af|d2f2 afdf|d2fa b2af|\n"
    assert folk.excerpt(MIXED, "3", around=0).abc.endswith("K:D\nd2f2 afdf|\n")
    with pytest.raises(UsageError, match="bars 1 to 8"):
        folk.excerpt(MIXED, "9")


def test_who_is_told_the_progress_may_end_it(folk: abcgen.Generator) -> None:
    told: list[float] = []
    folk.redraw(SPELLED, 1, seed=1, streams=8, heed=told.append)
    assert told == sorted(told)
    assert told[-1] == 1

    def leave(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folk.redraw(SPELLED, 1, seed=1, streams=8, heed=leave)
