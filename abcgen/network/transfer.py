"""What a network has learned, taken over by one that knows more characters."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import Checkpoint
from abcgen.model.factors.bars import LAGS
from abcgen.model.factors.layout import ECHO_TRUST, Layout
from abcgen.model.vocabulary import Vocabulary

#: How much less likely a new character is than any old one, in nats, until it is learned.
_UNLIKELY = 2.0


def grown_vocabulary(known: Vocabulary, text: str) -> Vocabulary:
    """Return a vocabulary and, behind its own, the characters of a text that it lacks, sorted."""
    return Vocabulary([*known.idx2char, *sorted(set(text) - set(known.idx2char))])


def taken_over(
    weights: Mapping[str, NDArray[np.float32]], old: Layout, new: Layout
) -> dict[str, NDArray[np.float32]]:
    """Return a network's weights for a vocabulary that begins with its own.

    New characters begin as the mean of all, and unlikely; everything else is as it was: of a text
    without them the larger network foretells what the smaller one did, but for the little that it
    gives to them.

    Parameters
    ----------
    weights : mapping of str to float32 array
        What `abcgen.network.build.weights_of` gave.
    old, new : Layout
        How both networks number characters and factors.
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
            # An echo of a new character is trusted as echoes of others are.
            trusted = known.reshape(-1, ECHO_TRUST, known.shape[1])[1:].mean(axis=0)
            rest = grown[after + old.echo_size : after + new.echo_size]
            rest[:] = np.tile(trusted, (len(rest) // ECHO_TRUST, 1))
    return grown


def read_weights(checkpoint: Checkpoint, vocabulary: Vocabulary) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a checkpoint's network, for a vocabulary that begins with its own."""
    from abcgen.network.build import build_network, weights_of

    recipe, known = checkpoint.recipe, len(checkpoint.vocabulary)
    network = build_network(recipe, known, 1, 1)
    network.load_weights(checkpoint.weights_file)
    old, new = (Layout(size, recipe.factored) for size in (known, len(vocabulary)))
    return taken_over(weights_of(network), old, new)
