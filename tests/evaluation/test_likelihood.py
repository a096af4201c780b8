import itertools
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abcgen import evaluate
from abcgen.errors import AbcgenError, CorpusError, UsageError, VocabularyError
from abcgen.evaluation.likelihood import compressors
from abcgen.evaluation.likelihood.comparison import TOGETHER, compare_models, table
from abcgen.evaluation.likelihood.compressors import Compressor, Ppmd, Zpaq
from abcgen.evaluation.likelihood.heldout import notes_of, read_heldout
from abcgen.evaluation.likelihood.int8_network import Int8Network, score_tunes
from abcgen.evaluation.likelihood.ngram import NGram
from abcgen.evaluation.likelihood.text_model import Baseline, Score, characters_of
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.vocabulary import Vocabulary
from tests.conftest import ROOT, Run, one_error_line
from tests.tunes import SPELLED, made_up_book, made_up_tune

ABC = Vocabulary("\nabc")
HEADER = "X:1\nT:T\nM:2/4\nL:1/8\nK:G\n"
PRINTABLE = Vocabulary(["\n", *map(chr, range(32, 127))])
#: Some tunes, as they are compressed.
TUNES = [made_up_tune(number) for number in range(1, 41)]

texts = st.lists(st.text("abc\n", max_size=20), min_size=1, max_size=6)
orders = st.integers(1, 5)


def present(compressor: Compressor) -> Baseline:
    """Return a compressor, or skip the test where it cannot be had."""
    assert isinstance(compressor, (Ppmd, Zpaq))
    reason = compressor.available()
    if reason is not None:
        pytest.skip(reason)
    return compressor


# The n-gram.


@given(texts, orders, st.text("abc\n", max_size=8))
def test_the_chances_add_up_to_1_after_any_history(
    tunes: list[str], order: int, history: str
) -> None:
    model = NGram(ABC, order)
    model.train(tunes)
    chances = model.probabilities(history)
    assert chances.shape == (4,)
    assert chances.min() > 0
    assert chances.sum() == pytest.approx(1)


def slow_chance(tunes: list[str], order: int, history: str, character: str) -> float:
    """Return what `NGram.probabilities` does, each count counted anew: Chen and Goodman's way."""
    streams = ["\n" * (order - 1) + tune + "\n" for tune in tunes]
    grams = [s[i : i + order] for s in streams for i in range(len(s) - order + 1)]

    def count(gram: str) -> int:
        if len(gram) == order:
            return grams.count(gram)
        return len({g for g in grams_of(len(gram) + 1) if g[1:] == gram})

    def grams_of(length: int) -> set[str]:
        return {gram[order - length :] for gram in grams}

    def chance(context: str) -> float:
        length = len(context) + 1
        followed = {c: count(context + c) for c in "\nabc" if context + c in grams_of(length)}
        shorter = chance(context[1:]) if context else 1 / 4
        if not followed:
            return shorter
        counts = [count(gram) for gram in grams_of(length)]
        ones, twos = counts.count(1), counts.count(2)
        discount = ones / (ones + 2 * twos) if ones else 0.5
        total = sum(followed.values())
        own = max(followed.get(character, 0) - discount, 0) / total
        return own + discount * len(followed) / total * shorter

    return chance(history[-(order - 1) :] if order > 1 else "")


@given(texts, orders, st.text("abc\n", max_size=8), st.sampled_from("\nabc"))
def test_a_slow_twin_gives_the_same_chances(
    tunes: list[str], order: int, history: str, character: str
) -> None:
    model = NGram(ABC, order)
    model.train(tunes)
    expected = slow_chance(tunes, order, history, character)
    assert model.probabilities(history)[ABC.char2idx[character]] == pytest.approx(expected)


def test_bits_of_an_ngram_by_hand() -> None:
    model = NGram(ABC, 1)
    model.train(["ab"])  # a, b and the end once each: all of a discount of 1 goes to 1/4
    assert model.score(["c"]).bits == pytest.approx(2 * math.log2(4))
    model.train(["aab"])  # twice a, once b and the end: discount 1/2
    a, c = 1.5 / 4 + 1.5 / 4 / 4, 1.5 / 4 / 4
    end = 0.5 / 4 + c
    score = model.score(["ac"])
    assert score.bits == pytest.approx(-math.log2(a) - math.log2(c) - math.log2(end))
    assert score.right == 1


def test_an_ngram_learns_and_forgets() -> None:
    model = NGram(PRINTABLE)
    model.train(TUNES[:30])
    known, new = model.score(TUNES[:1]), model.score(TUNES[30:31])
    assert known.bits / len(TUNES[0]) < 1 < new.bits / len(TUNES[30])
    assert known.right is not None and known.right > 0.8 * len(TUNES[0])
    model.train(["abc\n"])
    assert model.score(TUNES[:1]).bits > 5 * known.bits
    with pytest.raises(VocabularyError):
        NGram(ABC).train(["abd"])


# The network.


class Parrot:
    """An engine that finds what it has just read e^2 times as likely as any other character.

    After its second character in a row it is sure of nothing any more, so that its state shows.
    """

    def __init__(self, num_streams: int) -> None:
        self.num_streams = num_streams
        self.before: list[int | None] = [7] * num_streams  # nonsense until it is reset

    def reset(self, stream: int) -> None:
        self.before[stream] = None

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = np.zeros((self.num_streams, len(ABC)), np.float32)
        for stream, character in enumerate(characters):
            if self.before[stream] != character:
                logits[stream, character] = 2
            self.before[stream] = int(character)
        return logits + 1000  # whose exponentials no float can hold


def test_bits_of_a_parrot_by_hand() -> None:
    likelier = math.exp(2)
    same, other = -math.log2(likelier / (likelier + 3)), math.log2(likelier + 3)
    any_ = 2.0  # of four
    # It reads the end of a tune, then a a b and the end: predicted are a a b and the end.
    score = score_tunes(Parrot(1), ABC, ["aab"])
    assert score.bits == pytest.approx(other + same + any_ + other)
    assert score.right == 1
    # The end, then a tune that is but an end.
    score = score_tunes(Parrot(1), ABC, [""])
    assert (score.bits, score.right) == (pytest.approx(same), 1)


@given(st.lists(st.text("abc", max_size=9), max_size=9), st.integers(1, 12))
def test_a_tune_stands_alone_whatever_is_read_beside_it(tunes: list[str], streams: int) -> None:
    together = score_tunes(Parrot(streams), ABC, tunes)
    alone = [score_tunes(Parrot(1), ABC, [tune]) for tune in tunes]
    assert together.bits == pytest.approx(sum(score.bits for score in alone))
    assert together.right == sum(score.right or 0 for score in alone)


def test_the_shipped_network_knows_tunes_from_noise() -> None:
    network = Int8Network(read_checkpoint("folk"))
    tune = network.score([SPELLED])
    noise = network.score(["".join(sorted(SPELLED))])
    assert tune.bits < noise.bits / 2
    assert network.score([SPELLED, SPELLED]).bits == pytest.approx(2 * tune.bits)
    assert network.score([]) == Score(0.0, 0)


# The compressors.


@pytest.mark.parametrize("compressor", [Ppmd(), Zpaq()], ids=lambda c: c.name)
def test_a_compressor_is_paid_for_what_is_new(compressor: Compressor) -> None:
    model = present(compressor)
    model.train(TUNES[:30])
    assert model.score([]).bits == 0
    new, known = model.score(TUNES[30:]), model.score(TUNES[:10])
    assert new.right is None
    assert 0 < known.bits < new.bits / 4
    assert 0.5 < new.bits / characters_of(TUNES[30:]) < 4
    # It may learn from one tune for the next.
    assert model.score(TUNES[30:31] * 20).bits < 3 * model.score(TUNES[30:31]).bits


def test_all_that_zpaq_learned_is_one_block() -> None:
    model = present(Zpaq())
    many = [made_up_tune(number) for number in range(1000, 4000)]
    model.train([*TUNES, *many])
    assert model.score(TUNES).bits / characters_of(TUNES) < 0.5


def test_zpaq_is_given_the_same_model_and_tables_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where only the longer text needs a block of two MiB."""
    commands = []

    def noted(command: list[str], folder: str, **_: object) -> str:
        commands.append(command)
        Path(folder, "tunes.zpaq").write_bytes(bytes(100 * len(commands)))
        return ""

    monkeypatch.setattr(compressors, "output_of", noted)
    zpaq = Zpaq()
    zpaq.train(["a" * ((1 << 20) - 5000)])
    assert zpaq.score(["a" * 1000]).bits == 800
    first, second = commands
    assert first == second
    assert any(word.startswith("x1,0w2") for word in first)


def test_zpaq_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "zpaq"
    program.write_text("#!/bin/sh\necho out of memory >&2\nexit 2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AbcgenError, match=r"zpaq failed with code 2: out of memory"):
        Zpaq().score(["a"])


def test_what_is_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressors.shutil, "which", lambda _: None)
    monkeypatch.setattr(compressors.importlib.util, "find_spec", lambda _: None)
    assert "apt-get install zpaq" in str(Zpaq().available())
    assert "pip install 'abcgen[evaluate]'" in str(Ppmd().available())


# Which tunes.


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


def test_tunes_that_the_network_cannot_read_are_left_out(book: Path) -> None:
    without_0 = Vocabulary(set(PRINTABLE.idx2char) - {"0"})
    whole, less = (
        read_heldout([str(book)], [str(book)], "test", vocabulary)
        for vocabulary in (PRINTABLE, without_0)
    )
    assert 0 < less.unknown <= 8
    tunes = itertools.chain(less.tunes, less.training)
    assert sorted(tunes) == sorted(t for t in (*whole.tunes, *whole.training) if "0" not in t)


def test_nothing_to_judge_or_to_learn_from(book: Path, tmp_path: Path) -> None:
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


# The comparison.


class Fixed:
    """A model that gives each character so many bits, and is always right where it says so."""

    def __init__(self, name: str, bits: float, certain: bool) -> None:
        self.name, self.bits, self.certain = name, bits, certain

    def score(self, tunes: Sequence[str]) -> Score:
        count = characters_of(tunes)
        return Score(self.bits * count, count if self.certain else None)


def test_the_figures_of_rows() -> None:
    one, two = HEADER + "GABc|\n", HEADER + "G4|\n"
    models = [Fixed("net", 1.5, True), Fixed(Zpaq.name, 2.0, False)]
    rows = compare_models(models, {"first": [one], "second": [two, two]})
    assert [(row.book, row.model) for row in rows] == [
        (book, model) for book in ("first", "second", TOGETHER) for model in ("net", "zpaq -m5")
    ]
    first, last = rows[0], rows[-2]
    assert (first.tunes, first.notes, first.characters) == (1, 4, len(one) + 1)
    assert (last.tunes, last.notes, last.characters) == (3, 6, len(one + two + two) + 3)
    assert first.bits_per_char == pytest.approx(1.5)
    assert first.bits_per_note == pytest.approx(1.5 * (len(one) + 1) / 4)
    assert (first.accuracy, rows[1].accuracy) == (1, None)
    assert first.fewer_than_zpaq == pytest.approx(0.25)
    assert table(rows).splitlines()[1].split() == [
        *("first", "net", "1.5000", f"{1.5 * (len(one) + 1) / 4:.4f}", "100.00%", "25.0%")
    ]
    without_zpaq = compare_models(models[:1], {"first": [one]})
    assert [row.book for row in without_zpaq] == ["first"]
    assert without_zpaq[0].fewer_than_zpaq is None


# The command.


def test_as_a_process(run: Run, book: Path) -> None:
    done = run("evaluate", "--likelihood", book, "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["split"] == "test"
    assert report["trained_on"]["books"] == [str(book)]
    assert "the network learned from nottingham, cobb, the baselines" in done.stderr
    names = [row["model"] for row in report["rows"]]
    assert names[0].startswith("folk version ") and names[1] == "6-gram, Kneser-Ney"
    assert {*names[1:], *report["missing"]} == {"6-gram, Kneser-Ney", Ppmd.name, Zpaq.name}
    assert {row["book"] for row in report["rows"]} == {str(book)}
    for row in report["rows"]:
        assert 0 < row["bits_per_char"] < 8
        assert row["bits_per_note"] == pytest.approx(
            row["bits_per_char"] * row["characters"] / row["notes"]
        )


def test_the_table_and_no_tensorflow(book: Path) -> None:
    program = (
        "import sys; from abcgen.evaluate import main; code = main(sys.argv[1:]);"
        "assert not {'tensorflow', 'keras', 'music21'} & set(sys.modules); sys.exit(code)"
    )
    options = ["--likelihood", str(book), "--split", "validation", "--train-on", str(book)]
    done = subprocess.run(
        [sys.executable, "-c", program, *options], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    head, first, *_ = done.stdout.splitlines()
    assert head.split()[:4] == ["book", "model", "bits/char", "bits/note"]
    assert first.split()[1] == "folk"
    assert "use --split test" in done.stderr


def test_wrong_usage(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--likelihood"]) == 2
    assert "--likelihood needs a FILE" in one_error_line(capsys.readouterr().err)
    assert evaluate.main(["--likelihood", "--checkpoint", "fork", str(book)]) == 1
    assert "did you mean folk?" in one_error_line(capsys.readouterr().err)
    assert evaluate.main(["--likelihood", "--jobs", "2", str(book)]) == 2
    assert "--jobs goes with" in one_error_line(capsys.readouterr().err)
    with pytest.raises(SystemExit):
        evaluate.main(["--likelihood", "--validity", str(book)])
