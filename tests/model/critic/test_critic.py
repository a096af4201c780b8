import math
import pickle
import random
from pathlib import Path

import numpy as np
import pytest

import abcgen
from abcgen.errors import CheckpointError
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.critic.critic import Critic
from abcgen.model.critic.words import words_of
from tests.evaluation.telltale.tunes import section, tune

REEL = tune(section("ABCDABEF"), section("GHCDGHEH"))
LETTERS = "CDEFGABcdefgab"


def made_up_critic(seed: int) -> Critic:
    """Return a critic that knows some of the words of a reel."""
    chance = random.Random(seed)
    words = chance.sample(sorted(set(words_of(REEL))), 50)
    return Critic({word: float(np.float16(chance.gauss(0, 1))) for word in words}, 0.25)


def slow_score(critic: Critic, text: str) -> float:
    """Return the mean weight of the known words of a tune; one that comes again counts for less."""
    counted, total = 0.0, 0.0
    words = words_of(text)
    for word, weight in critic.weights.items():
        if word in words:
            times = 1 + math.log(words.count(word))
            counted, total = counted + times, total + times * weight
    return total / counted


@pytest.mark.parametrize("seed", range(5))
def test_the_score_is_the_mean_of_what_is_known_of_the_words(seed: int) -> None:
    critic = made_up_critic(seed)
    for text in (REEL, tune(section("AB")), tune(section("ABAB"))):
        assert critic.score(text) == pytest.approx(slow_score(critic, text))


def test_a_critic_is_stored_and_found_again(tmp_path: Path) -> None:
    critic = made_up_critic(1)
    critic.save(tmp_path / "critic.npz")
    again = Critic.load(tmp_path / "critic.npz")
    assert (again.weights, again.least) == (critic.weights, critic.least)


def test_a_critic_can_be_sent_to_another_process() -> None:
    critic = made_up_critic(1)
    sent = pickle.loads(pickle.dumps(critic))
    assert (sent.weights, sent.least) == (critic.weights, critic.least)
    assert sent.score(REEL) == critic.score(REEL)


def test_what_scores_less_than_the_least_is_not_accepted() -> None:
    critic = made_up_critic(1)
    critic.least = critic.score(REEL)
    assert critic.accepts(REEL)
    critic.least += 1e-6
    assert not critic.accepts(REEL)


def test_a_tune_of_which_nothing_is_known_is_not_accepted() -> None:
    assert Critic({"steps 9 9": 5.0}, -100).score(REEL) == -math.inf
    assert not Critic({"steps 9 9": 5.0}, -100).accepts(REEL)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "critic.npz"
    made_up_critic(1).save(file)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(CheckpointError, match=r"critic\.npz is damaged .*restore the checkpoint"):
        Critic.load(file)


def test_a_critic_of_an_earlier_version_is_told(tmp_path: Path) -> None:
    file = tmp_path / "critic.npz"
    np.savez(file, names=np.array("bars"), roots=np.zeros(1, np.int32))
    with pytest.raises(CheckpointError, match=r"earlier version of abcgen: train it again by"):
        Critic.load(file)


def folks() -> Critic:
    file = read_checkpoint("folk").critic_file
    assert file
    return Critic.load(file)


def by_chance(chance: random.Random) -> str:
    """Return a tune of letters by chance."""
    return tune("|".join("".join(chance.choices(LETTERS, k=8)) for _ in range(8)))


@pytest.mark.parametrize("seed", range(5))
def test_folk_would_rather_have_its_choice_than_letters_by_chance(seed: int) -> None:
    chosen = str(abcgen.load().tune(seed=1, rhythm="reel", best_of=8))
    assert folks().score(chosen) > folks().score(by_chance(random.Random(seed)))


def test_folk_would_rather_have_a_tune_than_letters_by_chance() -> None:
    """It never saw any of these: it has learned from tunes that are much alike."""
    critic, chance = folks(), random.Random(1)
    scores = [critic.score(by_chance(chance)) for _ in range(20)]
    assert critic.score(REEL) > max(scores)


def test_folk_accepts_a_tune_and_refuses_letters_by_chance() -> None:
    critic, chance = folks(), random.Random(2)
    assert not any(critic.accepts(by_chance(chance)) for _ in range(20))
    tunes = abcgen.load().tunes(20, seed=1, critic=False)
    assert 10 <= sum(critic.accepts(str(one)) for one in tunes) < 20
