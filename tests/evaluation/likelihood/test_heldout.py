import itertools
from pathlib import Path

import pytest

from abcgen.errors import CorpusError, UsageError
from abcgen.evaluation.likelihood.heldout import notes_of, read_heldout
from abcgen.grammar.alphabet import FIRST_EDITION
from abcgen.model.vocabulary import Vocabulary
from tests.tunes import ONLY_BY_THE_SECOND, SPELLED, made_up_book

HEADER = "X:1\nT:T\nM:2/4\nL:1/8\nK:G\n"


ABC = Vocabulary("\nabc")


PRINTABLE = Vocabulary(["\n", *map(chr, range(32, 127))])


@pytest.mark.parametrize(
    ("music", "notes"),
    [
        ('|:G>A (3Bcd|"Am"e2-e^f|1 [CEG]2 z2:|2 [DF-]2-[DF]2:|\n', 15),
        ("G/A/|[M:3/4]B4|\n", 3),
        ("{ga}G2 G2|\n", 2),
    ],
)
def test_notes_are_counted_as_written(music: str, notes: int) -> None:
    assert notes_of(HEADER + music) == notes


def test_held_out_tunes_are_not_learned_from(book: Path) -> None:
    test, validation = (
        read_heldout([str(book)], [str(book)], split, PRINTABLE) for split in ("test", "validation")
    )
    corpus = test.corpus
    assert test.training == corpus.split("train") == validation.training
    assert test.tunes == corpus.split("test") and test.tunes
    assert validation.tunes == corpus.split("validation") and validation.tunes
    assert test.unknown == 0


def test_a_near_duplicate_of_a_tune_to_learn_from_is_not_judged(tmp_path: Path) -> None:
    first, second = tmp_path / "first.abc", tmp_path / "second.abc"
    first.write_text(made_up_book(40))
    second.write_text(made_up_book(40, first=31))
    heldout = read_heldout([str(second)], [str(first)], "all", PRINTABLE)
    assert len(heldout.corpus.repeated) == 10
    assert len(heldout.tunes) == 30
    assert not set(heldout.tunes) & set(
        read_heldout([str(first)], [str(first)], "test", PRINTABLE).tunes
    )


def test_tunes_with_unknown_characters_are_left_out(book: Path) -> None:
    without_0 = Vocabulary(set(PRINTABLE.idx2char) - {"0"})
    whole, less = (
        read_heldout([str(book)], [str(book)], "test", vocabulary)
        for vocabulary in (PRINTABLE, without_0)
    )
    assert 0 < less.unknown <= 8
    tunes = itertools.chain(less.tunes, less.training)
    assert sorted(tunes) == sorted(t for t in (*whole.tunes, *whole.training) if "0" not in t)


def test_books_are_read_by_the_edition_that_the_network_learned(book: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.abc"
    more.write_text(f"{book.read_text()}\n{ONLY_BY_THE_SECOND}")
    older = Vocabulary(PRINTABLE.idx2char, edition=FIRST_EDITION)
    numbers = [
        [tune.number for tune in read_heldout([str(more)], [str(more)], "test", known).corpus.tunes]
        for known in (older, PRINTABLE)
    ]
    assert numbers[1] == [*numbers[0], 901]


def test_nothing_to_judge_by_or_to_learn_from(book: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--train-on"):
        read_heldout([str(book)], [str(book)], "all", PRINTABLE)
    one = tmp_path / "one.abc"
    one.write_text(SPELLED)
    heldout = read_heldout([str(one)], [str(book)], "all", PRINTABLE)
    assert len(heldout.tunes) == 1
    other = "validation" if heldout.corpus.tunes[-1].split == "test" else "test"
    with pytest.raises(CorpusError, match=f"has no tune to judge by in the {other} split"):
        read_heldout([str(one)], [str(book)], other, PRINTABLE)
    with pytest.raises(CorpusError, match="for the baselines to learn from"):
        read_heldout([str(one)], [str(book)], "all", ABC)
