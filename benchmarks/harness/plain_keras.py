"""The network of a checkpoint as people build it in Keras: the baseline of several benchmarks.

abcgen's own network has the same weights and results, but calls its dense layers once on all steps,
where Keras's `TimeDistributed` calls them for every step. A baseline with abcgen's wrapper would
take half the time of what people have. Needs the extra `train`.
"""

from typing import Any
from unittest import mock

from abcgen.model.recipe import Recipe


def plain_network(
    recipe: Recipe, vocab_size: int, batch_size: int, seq_length: int, *, plain_lstm: bool
) -> Any:
    """Return what `abcgen.network.build.build_network` returns, of Keras's own layers.

    Parameters
    ----------
    recipe, vocab_size, batch_size, seq_length : Recipe, int, int, int
        As for `build_network`.
    plain_lstm : bool
        Whether the LSTM layers are Keras's own, too. Otherwise they are abcgen's, which are faster,
        and by whose name a checkpoint's file of weights is read.

    Returns
    -------
    keras.Model
        The network.
    """
    from abcgen.network import build

    layers = build.keras.layers
    own = {"TimeDistributed": layers.TimeDistributed}
    if plain_lstm:
        own["_UnrolledLSTM"] = layers.LSTM
    with mock.patch.multiple(build, **own):
        return build.build_network(recipe, vocab_size, batch_size, seq_length)
