"""The best of several tunes: chosen by the critic, and the same whatever draws them."""

import json
import shutil
from collections.abc import Container
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abcgen import AbcgenError
from abcgen.api.batch import Batch
from abcgen.api.load import load
from abcgen.errors import UsageError
from abcgen.generation.best import critic_of, draw_best
from abcgen.generation.build_request import build_request
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.wishes import Wishes
from abcgen.melodies.index import Limit, NoveltyIndex
from abcgen.model.checkpoint import CRITIC_FILE, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.notation.tunebook import split_tunebook
from tests.conftest import Run, one_error_line

FOLK = read_checkpoint("folk")
REQUEST = build_request(FOLK, wishes=Wishes(form=(4,)), sampler=Sampler(), seed=5, best_of=3)
CRITIC = critic_of(FOLK, REQUEST)


@pytest.mark.parametrize("streams", [1, 2, 7])
def test_it_is_the_attempt_that_the_critic_likes_best(streams: int) -> None:
    assert CRITIC
    best = list(draw_best(LiteRTEngine.of(FOLK, streams), REQUEST, range(1, 9), CRITIC))
    assert [tune.number for tune in best] == list(range(1, 9))
    alone = LiteRTEngine.of(FOLK, 3)
    for tune in best:
        attempts = [
            next(draw_tunes(alone, REQUEST, [tune.number], attempt=attempt))
            for attempt in (1, 2, 3)
        ]
        scores = [CRITIC.score(one.text) for one in attempts]
        assert tune == attempts[scores.index(max(scores))]
    assert {tune.attempt for tune in best} != {1}


class Copies(NoveltyIndex):
    """An index that finds a run of 9 notes in these texts, or in all."""

    def __init__(self, copies: Container[str] | None = None) -> None:
        super().__init__([], {}, *np.zeros((3, 0), np.int64))
        self.copies = copies

    def longest_run(self, text: str) -> int:
        return 9 if self.copies is None or text in self.copies else 0


def test_what_shares_too_much_is_chosen_only_if_all_do() -> None:
    engine = LiteRTEngine.of(FOLK, 3)
    best = [one.text for one in draw_best(engine, REQUEST, range(1, 4), CRITIC)]
    others = list(draw_best(engine, REQUEST, range(1, 4), CRITIC, limit=Limit(Copies(best), 8)))
    assert not {one.text for one in others} & set(best)
    assert all(one.accepted for one in others)
    none = list(draw_best(engine, REQUEST, range(1, 3), CRITIC, limit=Limit(Copies(), 8)))
    assert [(one.number, one.accepted) for one in none] == [(1, False), (2, False)]


@pytest.mark.parametrize("streams", [1, 5])
def test_what_the_critic_refuses_is_drawn_again(streams: int) -> None:
    request = replace(REQUEST, best_of=1)
    assert CRITIC
    drawn = list(draw_best(LiteRTEngine.of(FOLK, streams), request, range(1, 21), CRITIC))
    assert [tune.number for tune in drawn] == list(range(1, 21))
    alone = LiteRTEngine.of(FOLK, 1)
    for tune in drawn:
        tries = (
            next(draw_tunes(alone, request, [tune.number], attempt=attempt)) for attempt in (1, 2)
        )
        first = next(tries)
        assert (tune == first) == CRITIC.accepts(first.text)
        if tune.attempt == 2:
            assert tune == next(tries) and CRITIC.accepts(tune.text)
    assert 1 < max(tune.attempt for tune in drawn) < 6


def test_nothing_is_refused_where_nobody_wants_it_or_it_would_come_again() -> None:
    request = replace(REQUEST, best_of=1)
    assert critic_of(FOLK, request) is CRITIC
    for other in (
        replace(request, critic=False),
        replace(request, raw=True),
        replace(request, sampler=Sampler(0)),
    ):
        assert critic_of(FOLK, other) is None


def test_the_command_draws_again_unless_it_is_told_not_to(run: Run, tmp_path: Path) -> None:
    asked = ("sample", "--seed", 1, "--form", 4, "--tunes", 20)
    book, every = run(*asked).stdout, run(*asked, "--no-critic").stdout
    assert ", try 2" in book and ", try " not in every
    one, other = (split_tunebook(text) for text in (book, every))
    assert all(", try " in a for a, b in zip(one, other, strict=True) if a != b)
    assert run(*asked, "--jobs", 2).stdout == book
    assert run(*asked, "--length", 100000).stdout == book
    path = tmp_path / "book.abc"
    path.write_text(book)
    assert run("sample", "--like", path).stdout == book
    folk = load("folk")
    assert "\n".join(map(str, folk.tunes(20, seed=1, form=4))) == book
    assert "\n".join(map(str, folk.tunes(20, seed=1, form=4, critic=False))) == every
    with closing(Batch(folk)) as batch:
        tunes = [future.result() for future in batch.tunes(20, seed=1, form=4)]
    assert "\n".join(map(str, tunes)) == book
    novel = run(*asked, "--novel")
    assert novel.stderr.endswith("of the corpus, or because the critic refused them\n")


def test_the_command_gives_the_same_book_in_every_way(run: Run, tmp_path: Path) -> None:
    asked = ("sample", "--seed", 4, "--form", 4, "--best-of", 4)
    book = run(*asked, "--tunes", 6).stdout
    assert ", try " in book
    assert run(*asked, "--tunes", 6, "--jobs", 2).stdout == book
    assert run(*asked, "--length", 100000, "--tunes", 6).stdout == book
    assert book.endswith(run(*asked, "--tunes", 2, "--from-tune", 5).stdout)
    path = tmp_path / "book.abc"
    path.write_text(book)
    assert run("sample", "--like", path).stdout == book
    short = run(*asked, "--length", 500)
    assert (short.returncode, len(short.stdout) <= 500) == (0, True)
    assert run("sample", "--like", "-", input=short.stdout).stdout == short.stdout
    one = run(*asked)
    assert book.startswith(one.stdout)
    novel = run(*asked, "--tunes", 3, "--novel")
    assert (novel.returncode, novel.stderr) == (0, "")


def test_from_python_it_is_the_same(run: Run) -> None:
    folk = load("folk")
    tunes = list(folk.tunes(2, seed=4, form=4, best_of=4))
    book = run("sample", "--seed", 4, "--form", 4, "--best-of", 4, "--tunes", 2).stdout
    assert "\n".join(map(str, tunes)) == book
    assert str(folk.tune(seed=4, form=4, best_of=4)) == str(tunes[0])
    with pytest.raises(AbcgenError, match="best-of"):
        folk.tune(best_of=0)


def test_without_a_critic_nothing_can_choose(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    shutil.copytree(FOLK.path, folder)
    (folder / CRITIC_FILE).unlink()
    manifest = folder / "checkpoint.json"
    about = json.loads(manifest.read_text("utf-8"))
    del about["files"][CRITIC_FILE]
    manifest.write_text(json.dumps(about), "utf-8")
    result = run("sample", "--checkpoint", folder, "--best-of", 2)
    assert result.returncode == 2
    assert "bare has no critic" in one_error_line(result.stderr)
    assert f"abcgen.train BOOK --critic {folder} trains one" in result.stderr
    assert run("sample", "--checkpoint", folder, "--seed", 1).returncode == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--best-of", "0"], "--best-of"),
        (["--best-of", "2", "--raw"], "leave out --raw"),
        (["--best-of", "2", "--no-critic"], "turned off: leave out one"),
        (["--no-critic", "--raw"], "leave out --no-critic"),
        (["--no-critic", "--like", "book.abc"], "leave out --"),
        (["--best-of", "2", "--like", "book.abc"], "leave out --"),
    ],
)
def test_wrong_usage(run: Run, options: list[str], words: str) -> None:
    result = run("sample", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in one_error_line(result.stderr)


def test_raw_text_is_refused() -> None:
    with pytest.raises(UsageError, match="raw text follows no rules"):
        build_request(FOLK, sampler=Sampler(), raw=True, best_of=2)
    assert Request(1).best_of == 1


@pytest.mark.parametrize("seed", [70, 72, 93])
def test_a_length_means_the_same_with_one_stream_and_with_many(run: Run, seed: int) -> None:
    asked = ("sample", "--best-of", 7, "--length", 450, "--seed", seed)
    many, one = run(*asked), run(*asked, "--tunes", 1)
    assert many.stdout.startswith(one.stdout)
    assert run("sample", "--like", "-", input=many.stdout).stdout == many.stdout


def test_if_all_share_too_much_the_advice_is_to_draw_more(run: Run) -> None:
    result = run("sample", "--best-of", 2, "--novel", 7, "--tunes", 10, "--seed", 1)
    assert result.returncode == 1
    error = one_error_line(result.stderr.splitlines()[-1])
    assert "in each of 2 attempts" in error
    assert error.endswith("or the best of more tunes")
