"""What training minimises: cross-entropy, with smoothed labels and the grammar penalty."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.model.recipe import Recipe
from abcgen.network.build import keras


def loss_and_sums(
    recipe: Recipe, logits: Any, targets: Any, weights: Any, forbidden: Any
) -> tuple[Any, Any]:
    """Return the loss of a step, and the sums that are reported of it.

    Parameters
    ----------
    recipe : Recipe
        Its `label_smoothing` and `rules` add to the cross-entropy.
    logits : float32 tensor, (N, T, V)
        What the network predicts.
    targets, weights, forbidden
        As in `abcgen.training.encoding.Chunk`.

    Returns
    -------
    tuple
        The loss, a scalar, and the result of `sums_of`.
    """
    sums = sums_of(logits, targets, weights)
    loss = sums[0] / sums[2]
    if recipe.label_smoothing:
        uniform = -keras.ops.mean(keras.ops.log_softmax(logits), axis=-1)
        uniform = keras.ops.sum(uniform * weights) / sums[2]
        loss += recipe.label_smoothing * (uniform - loss)
    if recipe.rules:
        penalty = _grammar_penalty(logits, forbidden)
        loss += recipe.rules * keras.ops.sum(penalty * weights) / sums[2]
    return loss, sums


def _grammar_penalty(logits: Any, forbidden: Any) -> Any:
    """Return minus the log probability, (N, T), of everything that the grammar allows."""
    allowed = keras.ops.where(forbidden, -1e9, logits)
    return keras.ops.logsumexp(logits, axis=-1) - keras.ops.logsumexp(allowed, axis=-1)


def sums_of(logits: Any, targets: Any, weights: Any) -> Any:
    """Return three sums over a chunk, weighted: loss in nats, characters right, characters."""
    losses = keras.ops.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    right = keras.ops.cast(keras.ops.argmax(logits, axis=-1) == targets, "float32")
    return keras.ops.stack(
        [keras.ops.sum(of * weights) for of in (losses, right, keras.ops.ones_like(losses))]
    )


def total(steps: Sequence[Any]) -> NDArray[np.float64]:
    """Add up what `sums_of` returned for some chunks: float64, (3,)."""
    summed: NDArray[np.float64] = np.sum(
        [keras.ops.convert_to_numpy(sums) for sums in steps], axis=0, dtype=np.float64
    )
    return summed
