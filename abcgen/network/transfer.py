"""The weights of a trained network, extended to a larger vocabulary."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import Checkpoint
from abcgen.model.factors.layout import ECHO_TRUST, Layout
from abcgen.model.factors.plan import ECHOED
from abcgen.model.factors.position import LAGS
from abcgen.model.vocabulary import Vocabulary

#: How much less likely a new character is than any old one, in nats, until it is learned.
_UNLIKELY = 2.0


def grown_vocabulary(known: Vocabulary, text: str) -> Vocabulary:
    """Return a vocabulary followed by the characters of a text that it lacks, sorted."""
    return Vocabulary([*known.idx2char, *sorted(set(text) - set(known.idx2char))])


def taken_over(
    weights: Mapping[str, NDArray[np.float32]], old: Layout, new: Layout
) -> dict[str, NDArray[np.float32]]:
    """Return a network's weights for a vocabulary that begins with its own.

    A new character starts as the mean of all others, and unlikely. Everything else is unchanged:
    for a text without new characters the larger network predicts what the smaller one did, apart
    from the small probability that the new characters get.

    Parameters
    ----------
    weights : mapping of str to float32 array
        The result of `abcgen.network.build.weights_of`.
    old, new : Layout
        How the two networks number characters and factors.
    """
    taken = dict(weights)
    more = new.vocab_size - old.vocab_size
    for path, values in weights.items():
        if path.endswith("/embeddings"):
            taken[path] = _embedded(values, old, new)
        elif path.endswith("dense/kernel"):
            taken[path] = np.pad(values, [(0, 0), (0, more)])
        elif path.endswith("dense/bias"):
            taken[path] = np.pad(values, (0, more), constant_values=values.min() - _UNLIKELY)
    return taken


def _embedded(vectors: NDArray[np.float32], old: Layout, new: Layout) -> NDArray[np.float32]:
    """Return the vectors (symbols, E) of the larger network."""
    if vectors.shape == (old.size, old.size):  # one-hot
        return np.eye(new.size, dtype=vectors.dtype)
    grown = np.repeat(vectors[: old.vocab_size].mean(axis=0, keepdims=True), new.size, axis=0)
    grown[: old.vocab_size] = vectors[: old.vocab_size]
    if new.columns > 1:
        grown[new.position : new.echo] = vectors[old.position : old.echo]
        for lag in range(len(LAGS)):
            before, after = old.echo + lag * old.echo_size, new.echo + lag * new.echo_size
            known = vectors[before : before + old.echo_size]
            grown[after : after + old.echo_size] = known
            # The echo of a new character is trusted as much as the mean of the others.
            trusted = known.reshape(-1, ECHO_TRUST, known.shape[1])[1:].mean(axis=0)
            rest = grown[after + old.echo_size : after + new.echo_size]
            rest[:] = np.tile(trusted, (len(rest) // ECHO_TRUST, 1))
    if new.lags > len(LAGS):
        grown[new.kinds :] = 0
        if old.lags > len(LAGS):
            assert old.vocab_size == new.vocab_size  # TODO
            grown[new.kinds :] = vectors[old.kinds :]
        else:
            # A bar that is a copy is told by an echo; the network knows that of four bars before.
            lag = LAGS.index(4)
            known = grown[new.echo + lag * new.echo_size : new.echo + (lag + 1) * new.echo_size]
            for block in range(ECHOED):
                start = new.planned + block * new.echo_size
                grown[start : start + new.echo_size] = known * (1.0 if block == 0 else 0.5)
            grown[new.planned : new.planned + new.echo_size][:ECHO_TRUST] = 0
    return grown


def read_weights(
    checkpoint: Checkpoint, vocabulary: Vocabulary, planned: bool = False
) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a checkpoint, for a vocabulary that begins with its own."""
    from abcgen.network.build import build_network, weights_of

    recipe, known = checkpoint.recipe, len(checkpoint.vocabulary)
    network = build_network(recipe, known, 1, 1)
    network.load_weights(checkpoint.weights_file)
    old = Layout(known, recipe.factored, recipe.planned)
    new = Layout(len(vocabulary), recipe.factored, recipe.planned or planned)
    return taken_over(weights_of(network), old, new)
