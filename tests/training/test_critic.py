import math
import shutil
from collections import Counter
from pathlib import Path

import pytest

from abcgen.model.checkpoint import CRITIC_FILE, read_checkpoint
from abcgen.model.critic.critic import Critic
from abcgen.model.critic.words import words_of
from abcgen.training import critic as training
from abcgen.training.critic import learned
from tests.conftest import Run, one_error_line
from tests.evaluation.telltale.tunes import BARS, section, tune
from tests.tunes import made_up_book

pytest.importorskip("sklearn")


def test_what_it_has_learned_tells_tunes_it_never_saw() -> None:
    """People's bar 5 is bar 1 again; nothing else differs."""

    def tunes(plan: str, keys: str) -> list[str]:
        orders = [BARS[at:] + BARS[:at] for at in range(8)]
        return [tune(section(plan, order), key=key) for order in orders for key in keys]

    people, drawn = "ABCDABEF", "ABCDEFGH"
    critic = learned(*(list(map(counted, tunes(plan, "CDGA"))) for plan in (people, drawn)))
    theirs, own = ([critic.score(text) for text in tunes(plan, "FE")] for plan in (people, drawn))
    assert min(theirs) > 0 > max(own)
    assert critic.weights["first 4 4 same"] > 0 > critic.weights["first 4 4 rhythm"]
    assert all(critic.accepts(text) for text in tunes(drawn, "F"))


def test_words_of_few_tunes_are_not_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = counted(tune(section("AB"))), counted(tune(section("CD")))
    monkeypatch.setattr(training, "_FEWEST_TUNES", 2)
    assert set(learned([one], [other]).weights) == set(one) & set(other)


def counted(text: str) -> Counter[str]:
    return Counter(words_of(text))


def test_a_critic_is_trained_kept_and_used(
    run: Run, tiny: Path, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(tiny, folder)
    monkeypatch.setattr(training, "_DRAWN", 1)
    said: list[str] = []
    training.train_critic(str(folder), [str(book)], said.append)
    assert said[-1].endswith("those that it finds least like people's, some 20%, are drawn again")
    file = read_checkpoint(str(folder)).critic_file
    assert file == folder / CRITIC_FILE
    first = file.read_bytes()
    assert math.isfinite(Critic.load(file).least)
    training.train_critic(str(folder), [str(book)], said.append)
    assert file.read_bytes() == first
    drawn = run("sample", "--checkpoint", folder, "--best-of", 2, "--form", 2, "--seed", 1)
    assert (drawn.returncode, drawn.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--critic", "folk"], "--critic needs tunebooks by people"),
        (["book.abc", "--critic", "folk", "--recipe", "folk"], "leave out --recipe"),
        (["book.abc", "--critic", "folk", "--from", "folk"], "no network: leave out --from"),
        (["book.abc", "--critic", "folk", "--name", "a", "--epoch", "3"], "out --name and --epoch"),
        (["book.abc", "--critic", "none"], "no checkpoint 'none'"),
        (["book.abc", "--critic", "folk"], "has 3 tunes to learn from, and a critic needs 50"),
        (["missing.abc", "--critic", "folk"], "missing.abc"),
        (["--pick", "folk", "--critic", "folk"], "leave out one"),
    ],
)
def test_wrong_usage(run: Run, tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "book.abc").write_text(made_up_book(3))
    result = run("train", *options, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "") or result.returncode == 1
    assert words in one_error_line(result.stderr)
