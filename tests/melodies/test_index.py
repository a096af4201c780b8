import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.errors import CorpusError, NotationError
from abcgen.melodies import runs as runs_module
from abcgen.melodies.index import FEWEST_HELD_OUT, SHORTEST_RUN, NoveltyIndex
from abcgen.melodies.melody import Step, melody_of
from tests.melodies.known import HEADER, TUNE, known, tune_of
from tests.tunes import made_up_tune

# The slow, readable twin.


def runs_by_hand(tune: list[Step], other: list[Step]) -> list[tuple[int, int, int]]:
    """Return every longest possible run as (first note here, first note there, notes)."""
    runs = []
    for here, there in itertools.product(range(len(tune)), range(len(other))):
        if here and there and tune[here - 1] == other[there - 1]:
            continue  # it began before
        length = 0
        while (
            here + length < len(tune)
            and there + length < len(other)
            and tune[here + length] == other[there + length]
        ):
            length += 1
        if length + 1 >= SHORTEST_RUN:
            runs.append((here, there, length + 1))
    return runs


def nearest_by_hand(text: str, corpus: list[str]) -> tuple[int, float, int, int, int] | None:
    """Return (notes, share, number, first bar here, first bar there) of the nearest tune."""
    melody = melody_of(text)
    best = None
    for number, other_text in enumerate(corpus, start=1):
        other = melody_of(other_text)
        runs = runs_by_hand(melody.steps, other.steps)
        if not runs:
            continue
        covered = {note for here, _, notes in runs for note in range(here, here + notes)}
        share = len(covered) / len(melody.bars)
        longest = max(notes for _, _, notes in runs)
        here, there = min((here, there) for here, there, notes in runs if notes == longest)
        if best is None or (longest, share) > best[:2]:
            best = (longest, share, number, melody.bars[here], other.bars[there])
    return best


# Few pitches and lengths, so that tunes share runs by chance.
melodies = st.lists(st.sampled_from(["C", "D", "E2"]), min_size=1, max_size=60).map(
    lambda notes: HEADER + "|".join(" ".join(notes[i : i + 5]) for i in range(0, len(notes), 5))
)


@settings(max_examples=150)
@given(tune=melodies, corpus=st.lists(melodies, min_size=1, max_size=5), data=st.data())
def test_the_nearest_is_what_the_slow_twin_finds(
    tune: str, corpus: list[str], data: st.DataObject
) -> None:
    if data.draw(st.booleans()):  # a piece of the corpus, copied
        body = data.draw(st.sampled_from(corpus)).removeprefix(HEADER)
        tune += "|" + body[data.draw(st.integers(0, len(body) // 2)) :].lstrip("2 |")
    index = NoveltyIndex.of(known(*corpus))
    found = index.nearest(tune)
    expected = nearest_by_hand(tune, corpus)
    if expected is None:
        assert found is None
        assert index.longest_run(tune) == 0
    else:
        assert found is not None
        assert (found.notes, found.share, found.number) == expected[:3]
        assert (found.here.first_bar, found.there.first_bar) == expected[3:]
        assert index.longest_run(tune) == found.notes


def test_grams_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_module, "_MULTIPLIERS", np.zeros(7, dtype=np.uint64))
    corpus = [made_up_tune(number) for number in range(1, 6)]
    index = NoveltyIndex.of(known(*corpus))
    assert len(set(index._finder._hashes)) == 1
    for number in range(1, 9):
        found = index.nearest(made_up_tune(number))
        expected = nearest_by_hand(made_up_tune(number), corpus)
        assert (found and (found.notes, found.share, found.number)) == (expected and expected[:3])


# What is the same melody.


@pytest.mark.parametrize(
    "same",
    [
        "X:1\nM:4/4\nL:1/8\nK:D\nDEFG A2Bc|d2cB AGFE|D2F2 A2d2|e4 d4|]\n",
        TUNE.replace("L:1/8", "L:1/4").replace("4/4", "8/4"),
        "X:1\nM:4/4\nL:1/16\nK:C\n" + "C2D2E2F2 G4A2B2|c4B2A2 G2F2E2D2|C4E4 G4c4|d8 c8|]\n",
        TUNE.replace("d4", "[Fd]4").replace("d4 c4", "d4 [Ec]4"),
        TUNE.replace("d4 c4", "d2-d2 c2-c2"),
        TUNE.replace("d4 c4", "d2z2 c3z"),
        TUNE.replace("CDEF", '"C"{B}CD"^x"!trill!EF'),
        TUNE.replace("CDEF", "|:CDEF").replace("|]", ":|"),
        TUNE.replace("G2AB|", "G2AB|\n"),
        TUNE.replace("CDEF G2AB|", "CDEF|G2AB|"),
    ],
    ids=["key", "length", "unit", "chord", "tie", "rest", "graces", "repeat", "lines", "bars"],
)
def test_the_same_melody_is_a_full_copy(same: str) -> None:
    found = NoveltyIndex.of(known(made_up_tune(5), TUNE)).nearest(same)
    assert found is not None
    assert (found.notes, found.of_notes, found.share, found.number) == (20, 20, 1.0, 2)


@pytest.mark.parametrize(
    ("other", "notes"),
    [
        (TUNE.replace("c2BA", "c2BG"), 10),  # from the G behind it on
        (TUNE.replace("c2BA", "c3/2BA3/2"), 10),  # the same
        (TUNE.replace("C2E2", "z2E2"), 13),  # to the note before the one that the rest lengthens
    ],
)
def test_another_note_or_length_ends_a_run(other: str, notes: int) -> None:
    assert NoveltyIndex.of(known(TUNE)).longest_run(other) == notes


def test_runs_end_where_tunes_of_the_corpus_end() -> None:
    first, second = tune_of("CDECFDGEAFBG"), tune_of("cGAEFCDAbgfe")
    both = tune_of("CDECFDGEAFBGcGAEFCDAbgfe")
    assert NoveltyIndex.of(known(first, second)).longest_run(both) == 12
    assert NoveltyIndex.of(known(both)).longest_run(both) == 24


# Which of several.


def test_the_longest_run_then_the_share_then_the_order_decide() -> None:
    run, other = "CDECFDGEAF", "cbgagecdcaf"
    tune = tune_of(run + other)
    once, twice = tune_of("f" + run + "f"), tune_of("f" + run + "C" + other[:9] + "C")
    longer = tune_of("e" + run + other[:1])
    index = NoveltyIndex.of(known(made_up_tune(3), once, twice, twice))
    found = index.nearest(tune)
    assert found is not None
    assert (found.notes, found.number, found.share) == (10, 3, 19 / 21)
    found = NoveltyIndex.of(known(once, twice, longer)).nearest(tune)
    assert found is not None
    assert (found.notes, found.number, found.share) == (11, 3, 11 / 21)


def test_both_places_are_shown() -> None:
    tune = HEADER + 'G|"C"cccc cccc|CDEF GABc|"G"dBGB d2c2|G8|]\n'
    there = 'X:7\nT:There\nM:4/4\nL:1/8\nK:D\nf8|DEFG ABcd|"A"ecAc e2d2|D8|]\n'
    index = NoveltyIndex.of(known(there))
    found = index.nearest(tune)
    assert found is not None
    assert (found.source, found.number, found.title) == ("book.abc", 1, "No. 1")
    assert (found.here.first_bar, found.here.last_bar, found.here.key) == (3, 4, "C")
    assert found.here.abc == "CDEF GABc | dBGB d2c2"
    assert (found.there.first_bar, found.there.last_bar, found.there.key) == (2, 3, "D")
    assert found.there.abc == "DEFG ABcd | ecAc e2d2"
    assert (found.notes, found.of_notes) == (14, 24)


def test_scales_are_told_from_tunes() -> None:
    scale, leaps = tune_of("CDEFGABcdef"), tune_of("CECGEcGECgec")
    index = NoveltyIndex.of(known(scale, leaps))
    plain = [found.plain for found in map(index.nearest, (scale, leaps)) if found]
    assert plain == [1.0, 0.0]


# People's own tunes, and the threshold.


def test_the_threshold_is_what_most_people_keep_to() -> None:
    random_notes = random.Random(1)
    long_one = tune_of("".join(random_notes.choices("CDEFGABc", k=60)))
    notes = long_one.removeprefix(HEADER).replace("|", "").strip("]\n")
    held_out = [tune_of(notes[:count] + "CgCgCgCg"[count % 2 :]) for count in range(11, 51)]
    index = NoveltyIndex.of(known(long_one))
    runs = sorted(index.longest_run(text) for text in held_out)
    assert runs[0] >= 11 and runs[-1] >= 50
    index = NoveltyIndex.of(known(long_one), held_out)
    assert list(index.held_out) == [index.longest_run(text) for text in held_out]
    assert index.threshold(50) == runs[19]
    assert index.threshold(100) == runs[-1]
    threshold = index.threshold()
    assert threshold == runs[37]  # of 40, two are above
    assert sum(run > threshold for run in runs) == 2


def test_a_threshold_is_never_below_what_can_be_seen() -> None:
    index = NoveltyIndex.of(known(TUNE), [tune_of("CgCg")] * FEWEST_HELD_OUT)
    assert set(index.held_out) == {0}
    assert index.threshold() == SHORTEST_RUN - 1


def test_few_tunes_give_no_threshold() -> None:
    index = NoveltyIndex.of(known(TUNE), [TUNE] * (FEWEST_HELD_OUT - 1))
    with pytest.raises(CorpusError, match=f"only {FEWEST_HELD_OUT - 1} tunes"):
        index.threshold()


def test_a_tune_that_cannot_be_read_is_an_error() -> None:
    for text in ("", "X:1\nK:C\n", HEADER + "?|]\n"):
        with pytest.raises(NotationError):
            NoveltyIndex.of(known(TUNE)).nearest(text)
    assert NoveltyIndex.of(known(TUNE)).nearest(HEADER + "z8|]\n") is None
    empty = NoveltyIndex.of([])
    assert empty.longest_run(TUNE) == 0 and empty.nearest(TUNE) is None
