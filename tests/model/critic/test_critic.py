import random
from pathlib import Path

import numpy as np
import pytest

import abcgen
from abcgen.errors import CheckpointError
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.critic.critic import MISSING, Critic, Trees, measures_of
from tests.evaluation.telltale.tunes import section, tune

REEL = tune(section("ABCDABEF"), section("GHCDGHEH"))


LETTERS = "CDEFGABcdefgab"


def made_up_critic(seed: int, trees: int = 5) -> Critic:
    """Return a critic of random trees that compare some of what is measured."""
    chance = random.Random(seed)
    names = sorted(chance.sample(sorted(measures_of(REEL)), 20))
    rows: list[tuple[int, float, int]] = []
    roots = []

    def grow(depth: int) -> None:
        node = len(rows)
        if depth == 0 or chance.random() < 0.2:
            rows.append((-1, chance.gauss(0, 1), 0))
            return
        rows.append((0, 0.0, 0))
        grow(depth - 1)
        right = len(rows)
        grow(depth - 1)
        rows[node] = chance.randrange(len(names)), chance.gauss(0.5, 2), right - node

    for _ in range(trees):
        roots.append(len(rows))
        grow(4)
    measure, threshold, skipped = zip(*rows, strict=True)
    return Critic(
        names,
        Trees(
            np.array(roots, np.int32),
            np.array(measure, np.int16),
            np.array(threshold, np.float16),
            np.array(skipped, np.uint16),
        ),
    )


def slow_score(critic: Critic, text: str) -> float:
    """Return the score of a tune, tree by tree and node by node."""
    row, trees, total = critic.row(text), critic.trees, 0.0
    for node in trees.roots:
        while trees.measure[node] >= 0:
            goes_left = row[trees.measure[node]] <= trees.threshold[node]
            node += 1 if goes_left else trees.skipped[node]
        total += float(trees.threshold[node])
    return total


@pytest.mark.parametrize("seed", range(20))
def test_all_trees_at_once_add_up_to_what_each_says(seed: int) -> None:
    critic = made_up_critic(seed)
    for text in (REEL, tune(section("AB")), tune('"G"GABcde|G6', meter="6/8", key="G")):
        assert critic.score(text) == pytest.approx(slow_score(critic, text))


def test_trees_that_follow_others_add_up() -> None:
    one, other = made_up_critic(1), made_up_critic(2)
    other = Critic(one.names, other.trees)
    both = Critic(one.names, one.trees.followed_by(other.trees))
    assert both.score(REEL) == pytest.approx(one.score(REEL) + other.score(REEL))


def test_a_critic_is_stored_and_found_again(tmp_path: Path) -> None:
    critic = made_up_critic(1)
    critic.save(tmp_path / "critic.npz")
    again = Critic.load(tmp_path / "critic.npz")
    assert again.score(REEL) == critic.score(REEL)
    assert np.array_equal(again.row(REEL), critic.row(REEL))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "critic.npz"
    made_up_critic(1).save(file)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(CheckpointError, match=r"critic\.npz is damaged .*restore the checkpoint"):
        Critic.load(file)


def test_what_a_tune_lacks_is_missing() -> None:
    critic = Critic(["of the chord", "bars"], made_up_critic(1).trees)
    assert critic.row(REEL).tolist() == [pytest.approx(MISSING), 16]


@pytest.mark.parametrize("text", [tune("z8|z8"), tune("c8"), "X:1\nM:4/4\nL:1/8\nK:C\n"])
def test_the_smallest_tunes_are_measured(text: str) -> None:
    assert all(np.isfinite(value) for value in measures_of(text).values())


@pytest.mark.parametrize("seed", range(5))
def test_folk_would_rather_have_its_choice_than_letters_by_chance(seed: int) -> None:
    file = read_checkpoint("folk").critic_file
    assert file
    critic, chance = Critic.load(file), random.Random(seed)
    chosen = str(abcgen.load().tune(seed=1, rhythm="reel", best_of=8))
    bars = ["".join(chance.choices(LETTERS, k=8)) for _ in range(8)]
    assert critic.score(chosen) > critic.score(tune("|".join(bars)))


def test_folk_would_rather_have_a_tune_than_letters_by_chance() -> None:
    """Than most such: it has learned from tunes that are much alike, and never saw any of these."""
    file = read_checkpoint("folk").critic_file
    assert file
    critic, chance = Critic.load(file), random.Random(1)
    scores = [
        critic.score(tune("|".join("".join(chance.choices(LETTERS, k=8)) for _ in range(8))))
        for _ in range(20)
    ]
    assert critic.score(REEL) > sum(scores) / len(scores) + 0.5
    assert sum(score < critic.score(REEL) for score in scores) >= 15
