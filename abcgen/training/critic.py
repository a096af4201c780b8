"""Train a critic: what tells people's tunes from those of a network."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from abcgen.generation.matched import draw_matched
from abcgen.generation.request import Request
from abcgen.model.checkpoint import CRITIC_FILE, read_checkpoint, write_checkpoint
from abcgen.model.critic.critic import MISSING, Critic, Trees, measures_of
from abcgen.model.critic.seen import Measures
from abcgen.support.extras import require
from abcgen.support.processes import in_order, num_processors, workers
from abcgen.training.peoples import peoples_tunes

#: In each round tunes are drawn for each of people's, after the first the best of some by what was
#: learned before; and the seed of the first.
_ROUNDS, _BEST_OF, _DRAWN, _SEED = 2, 8, 4, 1000
#: Trees of a round, how much each counts, their leaves at most, the share of tunes and of measures
#: that each learns from, and how many tunes must have what is measured.
_TREES, _RATE, _LEAVES = 240, 0.06, 12
_TUNES, _MEASURES = 0.5, 0.3
_FEWEST_TUNES = 20
_CHUNK = 64


def train_critic(name_or_folder: str, books: Sequence[str], say: Callable[[str], None]) -> None:
    """Learn to tell the tunes of a checkpoint from people's, and keep that in it.

    The network does not change. People's tunes are those of the training split; for each some are
    drawn in the same key, metre and rhythm. Of what is chosen by what was learned, it is learned
    again what tells it.

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
    theirs = _measured(people)
    critic: Critic | None = None
    for round_number in range(_ROUNDS):
        best_of = _BEST_OF if critic else 1
        say(
            f"round {round_number + 1} of {_ROUNDS}: drawing the best of {best_of} tunes, {_DRAWN} "
            f"times for each of {len(people)} by people"
        )
        drawn = []
        for seed in range(_DRAWN):
            request = Request(_SEED + _DRAWN * round_number + seed, best_of=best_of)
            drawn += draw_matched(checkpoint, people, request, num_processors(), critic)
        say("learning what tells them from people's")
        critic = learned(theirs, _measured(drawn), critic)
    assert critic
    write_checkpoint(checkpoint, {CRITIC_FILE: critic.save})
    say(
        f"{checkpoint.path / CRITIC_FILE} is there; try it with: python -m abcgen.sample "
        f"--checkpoint {name_or_folder} --best-of 8"
    )


def _measured(tunes: Sequence[str]) -> list[Measures]:
    jobs = num_processors()
    some = (tunes[at : at + _CHUNK] for at in range(0, len(tunes), _CHUNK))
    with workers(jobs) as executor:
        return list(in_order(_measures_of_all, some, executor, ahead=2 * jobs))


def _measures_of_all(tunes: Sequence[str]) -> list[Measures]:
    return [measures_of(text) for text in tunes]


def learned(
    people: Sequence[Measures], drawn: Sequence[Measures], before: Critic | None = None
) -> Critic:
    """Return a critic that has learned to tell people's tunes from drawn ones.

    Parameters
    ----------
    people, drawn : sequence of Measures
        What is measured of tunes.
    before : Critic, optional
        What chose the drawn ones; its scores are added.
    """
    from sklearn.ensemble import GradientBoostingClassifier

    seen = Counter(name for found in [*people, *drawn] for name in found)
    names = before.names if before else sorted(n for n in seen if seen[n] >= _FEWEST_TUNES)
    rows = [[found.get(name, MISSING) for name in names] for found in [*people, *drawn]]
    whose = np.repeat([1, 0], [len(people), len(drawn)])
    counts = np.repeat([len(drawn) / len(people), 1.0], [len(people), len(drawn)])
    trees = GradientBoostingClassifier(
        n_estimators=_TREES,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        max_depth=None,
        subsample=_TUNES,
        max_features=_MEASURES,
        random_state=0,
    )
    trees.fit(np.array(rows, np.float32), whose, sample_weight=counts)
    found = _joined([one.tree_ for one in trees.estimators_[:, 0]])
    return Critic(names, before.trees.followed_by(found) if before else found)


def _joined(trees: Sequence[Any]) -> Trees:
    """Return trees of scikit-learn one after the other."""
    nodes: list[tuple[int, float, int]] = []
    roots = []
    for tree in trees:
        roots.append(len(nodes))
        _add(nodes, tree, 0)
    measure, threshold, skipped = zip(*nodes, strict=True)
    return Trees(
        np.array(roots, np.int32),
        np.array(measure, np.int16),
        np.array(threshold, np.float16),
        np.array(skipped, np.uint16),
    )


def _add(nodes: list[tuple[int, float, int]], tree: Any, node: int) -> None:
    """Add a node of a tree and those behind it: its fields in `Trees`."""
    at, left = len(nodes), tree.children_left[node]
    if left < 0:
        nodes.append((-1, _RATE * tree.value[node, 0, 0], 0))
        return
    nodes.append((0, 0.0, 0))
    _add(nodes, tree, left)
    right = len(nodes)
    _add(nodes, tree, tree.children_right[node])
    nodes[at] = tree.feature[node], tree.threshold[node], right - at
