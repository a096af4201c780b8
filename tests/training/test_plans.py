"""Plans that are learned again: the network stays, and its tunes go by other plans."""

import itertools
import shutil
from pathlib import Path

import pytest

from abcgen.errors import UsageError
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.model.checkpoint import CRITIC_FILE, PLANS_FILE, WEIGHTS_FILE, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.plans.outline import plan_of
from abcgen.training.plans import learn_plans
from tests.conftest import ROOT, Run, one_error_line
from tests.tunes import made_up_book


def test_tunes_go_by_the_plans_of_the_tunebook(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folk"
    shutil.copytree(ROOT / "checkpoints" / "folk", folder)
    before, weights = read_checkpoint(str(folder)), (folder / WEIGHTS_FILE).read_bytes()
    said: list[str] = []
    learn_plans(str(folder), [str(book)], said.append)
    after = read_checkpoint(str(folder))
    assert after.version == before.version + 1
    assert CRITIC_FILE not in after.sums
    assert after.sums[PLANS_FILE] != before.sums[PLANS_FILE]
    assert (folder / WEIGHTS_FILE).read_bytes() == weights
    assert said[-1].endswith(f"--critic {folder}")
    assert f"version {after.version}" in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    engine = LiteRTEngine.of(after, 8)
    tunes = [tune.text for tune in itertools.islice(draw_tunes(engine, Request(1)), 8)]
    learned, drawn = (
        {tuple(map(len, plan.sections)) for text in texts if (plan := plan_of(text))}
        for texts in (book.read_text(encoding="utf-8").split("\n\n"), tunes)
    )
    assert drawn <= learned


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--plans", "folk"], "--plans needs tunebooks by people"),
        (["book.abc", "--plans", "folk", "--epochs", "3"], "no network: leave out --epochs"),
        (["book.abc", "--plans", "none"], "no checkpoint 'none'"),
        (["book.abc", "--plans", "folk"], "has 3 tunes to learn from, and --plans needs 50"),
        (["book.abc", "--plans", "folk", "--habits", "folk"], "learn plans first, then habits"),
        (["--pick", "folk", "--plans", "folk"], "--pick and --plans are two things"),
    ],
)
def test_wrong_usage(run: Run, tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "book.abc").write_text(made_up_book(3))
    result = run("train", *options, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1 if "no checkpoint" in words else 2, "")
    assert words in one_error_line(result.stderr)


def test_a_network_that_reads_no_plans_learns_none(tiny: Path, book: Path) -> None:
    with pytest.raises(UsageError, match="the network of tiny reads no plans"):
        learn_plans(str(tiny), [str(book)], print)
