"""The best of several tunes: chosen by the critic, and the same whatever draws them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from abcgen import AbcgenError
from abcgen.api.load import load
from abcgen.errors import UsageError
from abcgen.generation.best import critic_of, draw_best
from abcgen.generation.build_request import build_request
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.wishes import Wishes
from abcgen.model.checkpoint import CRITIC_FILE, read_checkpoint
from abcgen.model.engine import LiteRTEngine
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


def test_what_is_not_accepted_is_chosen_only_if_nothing_is() -> None:
    engine = LiteRTEngine.of(FOLK, 3)
    best = [one.text for one in draw_best(engine, REQUEST, range(1, 4), CRITIC)]
    others = list(draw_best(engine, REQUEST, range(1, 4), CRITIC, accept=lambda t: t not in best))
    assert not {one.text for one in others} & set(best)
    assert all(one.accepted for one in others)
    none = list(draw_best(engine, REQUEST, range(1, 3), CRITIC, accept=lambda _: False))
    assert [(one.number, one.accepted) for one in none] == [(1, False), (2, False)]


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
    assert critic_of(FOLK, replace(REQUEST, best_of=1)) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--best-of", "0"], "--best-of"),
        (["--best-of", "2", "--raw"], "leave out --raw"),
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
