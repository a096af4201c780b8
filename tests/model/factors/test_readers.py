"""Many tunes side by side, read in C: each is told what it would be told alone."""

import importlib
import itertools
import random
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import abcgen.model.factors
from abcgen.model.engine import Symbols
from abcgen.model.factors.layout import Layout
from abcgen.model.factors.plain_readers import PlainReaders
from abcgen.model.factors.plan import COPY, DEGREES, KINDS, NEW, Plan, PlannedBar, PlanTable
from abcgen.model.factors.reader import Reader
from abcgen.model.factors.reading import beginning
from abcgen.model.factors.rows import BY_CHARACTER, BY_STEP, SITUATIONS
from abcgen.model.habits.choices import STEP_HABITS, habits_of
from abcgen.training.recipes import RECIPES
from tests.model.test_factors import JIG, LAYOUT, LENGTHS, REEL, VOCABULARY, symbols_of

readers = pytest.importorskip(
    "abcgen.model.factors.readers", reason="there was no C compiler", exc_type=ImportError
)


def test_time_taken_back_over_a_bar_line_is_survived() -> None:
    text = LENGTHS + "g[2/|" + 60 * "a"
    characters = VOCABULARY.encode(text)
    together = readers.Readers(VOCABULARY, 2)
    symbols = np.empty((2, LAYOUT.columns), np.int32)
    for character, alone in zip(characters, symbols_of(text), strict=True):
        together.read(np.full(2, character), symbols)
        assert np.array_equal(symbols[1], alone)


@settings(max_examples=60)
@given(st.data())
def test_many_streams_are_told_what_each_alone_is_told(data: st.DataObject) -> None:
    """Whatever is read, tunes and noise, and wherever streams go back to."""
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    likely = st.one_of(st.sampled_from(VOCABULARY.idx2char), st.sampled_from("|:[12/A"))
    noise = st.text(likely, max_size=30)
    texts = [
        "".join(data.draw(st.lists(st.one_of(st.sampled_from([JIG, REEL]), noise), max_size=3)))
        or "\n"
        for _ in range(3)
    ]
    read_alike(rng, texts, data.draw(st.integers(1, 700)))


def test_where_time_has_gone_back_many_streams_are_told_what_one_is() -> None:
    """B/ is first as long as B: what is compared with must not be found once more."""
    read_alike(random.Random(699), ["\n", "0" * 14 + REEL, JIG + "0" * 8], 682)


def test_an_empty_section_is_one_for_all() -> None:
    read_alike(random.Random(3), [JIG[:-2] + '|:|"D"d2d|', JIG[:-2] + "::||[2|", "|:|\n"], 400)


def test_room_is_made_for_a_text_that_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_ROOM", 16)
    read_alike(random.Random(1), [JIG, REEL, JIG + "\n"], 500)


#: Chords of other keys, accidentals, and sections that have chords but no note.
CHORDS = (
    LENGTHS
    + """"G"z2||"Am"z6||"A7"^c3 "Bb"_B2=B|"F#m"A3 A^AB|"D/F#"f3 g3||"Gm7"_b6|"Cmaj7"_B3 ^A3|
"A7"^c3 "Bb"_B2=B|"E"^g3 e3||
"""
)


def test_many_streams_go_by_plans_as_one_does() -> None:
    texts = [JIG, REEL + "\n" + JIG, CHORDS + "\n" + JIG[:150] + REEL]
    seen = [read_alike(random.Random(seed), texts, 900, planned=True) for seed in range(8)]
    situations = np.concatenate(seen)
    # There was something of every habit to be alike.
    rows = set(situations[:, BY_CHARACTER].flat)
    for name, habit in habits_of(VOCABULARY).items():
        assert not habit.numbers.size or rows.intersection(
            range(habit.first, habit.first + len(habit.numbers))
        ), name
    steps = set(situations[:, BY_STEP].flat)
    for name, (first, end) in STEP_HABITS.items():
        assert steps.intersection(range(first, end)), name
    assert situations[:, BY_CHARACTER.stop :].any(axis=0).all()


def some_plan(rng: random.Random) -> PlanTable:
    """Return a plan of anything, possible or not."""
    bars = [
        PlannedBar(rng.randrange(KINDS), rng.randrange(4), rng.randrange(10), rng.randint(-7, 7))
        if rng.random() < 0.5
        else PlannedBar(rng.choice((NEW, COPY)), 0, rng.randrange(5))
        for _ in range(40)
    ]
    cuts = sorted(rng.sample(range(1, rng.choice((5, 40))), 3))
    sections = [bars[start:end] for start, end in itertools.pairwise([0, *cuts])]
    targets = [rng.randrange(DEGREES) for _ in sections]
    closes = [(rng.randrange(8), rng.randrange(8)) for _ in sections]
    low, high, style = rng.randrange(37), rng.randrange(37), rng.choice([1, 2])
    return PlanTable(Plan(sections, targets, low, high, style, 3, closes))


def read_alike(
    rng: random.Random, texts: list[str], length: int, *, planned: bool = False
) -> NDArray[np.int32]:
    """Read so many characters of each text, over and over, and now and then go back.

    Return the situations, (situations, SITUATIONS).
    """
    layout = Layout(len(VOCABULARY), factored=True, planned=planned)
    rows = np.array([VOCABULARY.encode((text * length)[:length]) for text in texts])
    together = readers.Readers(VOCABULARY, 3, planned)
    alone = [Reader(VOCABULARY, planned) for _ in texts]
    symbols = np.empty((3, layout.columns), np.int32)
    situations = np.empty((3, SITUATIONS), np.int32)
    seen = []
    kept = [(together.reading(stream), beginning(layout.lags)) for stream in range(3)]
    for column in rows.T:
        for stream, reader in enumerate(alone):
            chance = rng.random()
            if chance < 0.05:
                kept[stream] = together.reading(stream), reader.reading()
            elif chance < 0.08:
                together.restore(stream, kept[stream][0])
                reader.restore(kept[stream][1])
            elif planned and chance < 0.1:
                table = some_plan(rng)
                together.plan(stream, table)
                reader.plan(table)
        for reader, index in zip(alone, column.tolist(), strict=True):
            reader.read(index)
        expected = [reader.symbols.tolist() for reader in alone]
        together.read(column.astype(np.int32), symbols)
        assert symbols.tolist() == expected
        together.situate(situations)
        assert situations.tolist() == [reader.situation() for reader in alone]
        seen.append(situations.copy())
    return np.concatenate(seen)


def test_some_streams_go_on_alone() -> None:
    texts = [JIG, REEL + JIG, JIG[:60] + REEL]
    together = readers.Readers(VOCABULARY, 3)
    rows = np.array([VOCABULARY.encode(text[:130]) for text in texts]).T
    symbols = np.empty((3, LAYOUT.columns), np.int32)
    for characters in rows[:100]:
        together.read(characters, symbols)
    together.keep([2, 0])
    for characters in rows[100:]:
        together.read(characters[[2, 0]], symbols[:2])
    for stream, text in enumerate((texts[2], texts[0])):
        assert np.array_equal(symbols[stream], symbols_of(text[:130])[-1])


@pytest.mark.parametrize(
    "kept", [[0, 1, 2, 1], [1, 2], [2, 1, 0], [0, 2, 2], [0, 0, 1], [2, 1, 2, 0, 0], [1]]
)
@pytest.mark.parametrize("kind", [readers.Readers, PlainReaders])
def test_streams_are_kept_in_any_order_and_several_times(
    kept: list[int], kind: type[readers.Readers | PlainReaders]
) -> None:
    """Then there are fewer, then more again, of which no other leaves a trace."""
    read = [JIG[:130], JIG[7:137], JIG[11:141]]
    together = kind(VOCABULARY, 3)
    symbols = np.empty((5, LAYOUT.columns), np.int32)
    for characters in np.array([VOCABULARY.encode(text) for text in read]).T:
        together.read(characters, symbols[:3])
    for streams in (kept, [0], [0, 0, 0, 0]):
        together.keep(streams)
        read = [read[stream] for stream in streams]
        for number in range(5):
            more = ["AB2|c"[(place + number) % 5] for place in range(len(read))]
            read = [text + character for text, character in zip(read, more, strict=True)]
            together.read(VOCABULARY.encode("".join(more)), symbols[: len(read)])
        for text, told in zip(read, symbols[: len(read)], strict=True):
            assert np.array_equal(told, symbols_of(text)[-1])


@pytest.mark.parametrize("length", [*range(2, 18), 130])
def test_a_stream_can_be_set_to_what_others_have_read(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = readers.Readers(VOCABULARY, 1)
    monkeypatch.setattr(readers, "_ROOM", 16)
    together = readers.Readers(VOCABULARY, 2)
    symbols = np.empty((2, LAYOUT.columns), np.int32)
    for character in VOCABULARY.encode(JIG[:length]):
        others.read(np.array([character]), symbols[:1])
    for character in VOCABULARY.encode(REEL[:4]):
        together.read(np.full(2, character), symbols)
    together.restore(1, others.reading(0))
    for more in range(1, 20):
        together.read(VOCABULARY.encode("X" + JIG[length + more - 1]), symbols)
        assert np.array_equal(symbols[1], symbols_of(JIG[: length + more])[-1])


def test_what_was_compiled_for_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abcgen.model.factors._readers.version", "0.1")
    with pytest.raises(ImportError, match="install it again"):
        importlib.reload(readers)


def test_where_nothing_was_compiled_plain_python_tells_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = Symbols(RECIPES["folk"], VOCABULARY, 2)
    monkeypatch.delattr(abcgen.model.factors, "readers")
    monkeypatch.setitem(sys.modules, "abcgen.model.factors.readers", None)
    plain = Symbols(RECIPES["folk"], VOCABULARY, 2)
    assert isinstance(plain._readers, PlainReaders)
    told = np.zeros((2, 2, LAYOUT.columns), np.int32)
    for characters in np.array([VOCABULARY.encode(text[:130]) for text in (JIG, REEL + JIG)]).T:
        for symbols, of_them in zip((compiled, plain), told, strict=True):
            symbols.read(characters, of_them)
        assert np.array_equal(*told)
    for symbols, of_them in zip((compiled, plain), told, strict=True):
        symbols.restore(0, symbols.reading(1))
        symbols.begin(1)
        symbols.keep([1, 0])
        symbols.read(np.array([0, 1]), of_them)
    assert np.array_equal(*told)


@pytest.mark.parametrize(
    ("characters", "columns"),
    [([0, len(VOCABULARY)], 12), ([-1, 0], 12), ([0, 1 << 62], 12), ([0], 12), ([0, 0], 11)],
)
def test_memory_of_others_is_left_alone(characters: list[int], columns: int) -> None:
    together = readers.Readers(VOCABULARY, 2)
    together.read(VOCABULARY.encode("XX"), np.empty((2, LAYOUT.columns), np.int32))
    with pytest.raises((ValueError, IndexError)):
        together.read(np.array(characters), np.empty((2, columns), np.int32))
