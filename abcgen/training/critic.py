"""Train a critic: what tells people's tunes from those of a network."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from abcgen.generation.matched import draw_matched
from abcgen.generation.request import Request
from abcgen.model.checkpoint import CRITIC_FILE, read_checkpoint, write_checkpoint
from abcgen.model.critic.critic import Critic, parts_of
from abcgen.model.critic.words import words_of
from abcgen.support.extras import require
from abcgen.support.processes import in_order, num_processors, workers
from abcgen.training.peoples import peoples_tunes

#: Tunes that are drawn to learn from for each of people's, and the seed of the first.
_DRAWN, _SEED = 6, 1000
#: How many tunes must have a word, and the inverse strength of regularization.
_FEWEST_TUNES, _WEIGHT = 10, 60.0
#: Parts of a tune are small numbers; for the regression they are so many times as large.
_SCALE = 20.0
#: The share of drawn tunes that are not accepted.
_REJECTED = 0.2
_CHUNK = 64


def train_critic(name_or_folder: str, books: Sequence[str], say: Callable[[str], None]) -> None:
    """Learn to tell the tunes of a checkpoint from people's, and keep that in it.

    The network does not change. People's tunes are those of the training split; for each some are
    drawn in the same key, metre and rhythm. What others score that were not learned from says which
    are accepted.

    Parameters
    ----------
    name_or_folder : str
        The checkpoint.
    books : sequence of str
        Corpora by name, files or folders.
    say : callable
        Takes lines for the user.

    Raises
    ------
    CorpusError, CheckpointError, UsageError
        If something cannot be read, or there are too few tunes.
    AbcgenError
        If scikit-learn is missing.
    """
    require("sklearn", "evaluate", "a critic")
    checkpoint = read_checkpoint(name_or_folder)
    people = peoples_tunes(checkpoint, books, "a critic")
    say(f"drawing {_DRAWN + 1} tunes for each of {len(people)} by people")
    request = Request(_SEED, critic=False)
    drawn, others = (
        [
            text
            for seed in seeds
            for text in draw_matched(
                checkpoint, people, replace(request, seed=seed), num_processors()
            )
        ]
        for seeds in (range(_SEED, _SEED + _DRAWN), [_SEED + _DRAWN])
    )
    say("learning what tells them from people's")
    critic = learned(_counted(people), _counted(drawn))
    critic.least = float(np.quantile([critic.score(text) for text in others], _REJECTED))
    write_checkpoint(checkpoint, {CRITIC_FILE: critic.save})
    say(
        f"{checkpoint.path / CRITIC_FILE} is there: of tunes drawn from now on, those that it "
        f"finds least like people's, some {_REJECTED:.0%}, are drawn again"
    )


def _counted(tunes: Sequence[str]) -> list[Counter[str]]:
    """Return how often each word is in each tune."""
    jobs = num_processors()
    some = (tunes[at : at + _CHUNK] for at in range(0, len(tunes), _CHUNK))
    with workers(jobs) as executor:
        return list(in_order(_count_all, some, executor, ahead=2 * jobs))


def _count_all(tunes: Sequence[str]) -> list[Counter[str]]:
    return [Counter(words_of(text)) for text in tunes]


def learned(people: Sequence[Counter[str]], drawn: Sequence[Counter[str]]) -> Critic:
    """Return a critic that has learned to tell people's tunes from drawn ones, and accepts all.

    Parameters
    ----------
    people, drawn : sequence of Counter
        How often each word is in each tune.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    tunes = [*people, *drawn]
    seen = Counter(word for counts in tunes for word in counts)
    known = {word for word, count in seen.items() if count >= _FEWEST_TUNES}
    columns = DictVectorizer()
    rows = columns.fit_transform([_parts(counts, known) for counts in tunes])
    whose = np.repeat([1, 0], [len(people), len(drawn)])
    counts = np.repeat([len(drawn) / len(people), 1.0], [len(people), len(drawn)])
    regression = LogisticRegression(C=_WEIGHT, max_iter=2000)
    regression.fit(_SCALE * rows, whose, sample_weight=counts)
    # The parts add up to 1, so that the intercept may as well be in each weight.
    weights = _SCALE * regression.coef_[0] + regression.intercept_[0]
    return Critic(
        dict(zip(columns.get_feature_names_out(), weights.tolist(), strict=True)), -np.inf
    )


def _parts(counts: Counter[str], known: set[str]) -> dict[str, float]:
    """Return how much of a tune each of the known words is."""
    there = {word: count for word, count in counts.items() if word in known}
    parts = parts_of(np.array(list(there.values())))
    return dict(zip(there, parts.tolist(), strict=True))
