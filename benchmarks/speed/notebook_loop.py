"""The baseline of `start_up`: sampling as the well-known notebooks do it.

A batch-1 stateful Keras network, `predict_on_batch` for every character, and one call of
`numpy.random.choice` with its softmax. `start_up` runs it as a process of its own.
"""

import argparse
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np

from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import Symbols
from abcgen.support import defaults
from benchmarks.harness.plain_keras import plain_network


def main() -> None:
    """Print a text of the requested length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--checkpoint", default=defaults.CHECKPOINT)
    arguments = parser.parse_args()
    checkpoint = read_checkpoint(arguments.checkpoint)
    vocabulary = checkpoint.vocabulary
    network = plain_network(checkpoint.recipe, len(vocabulary), 1, 1, plain_lstm=False)
    symbols = Symbols(checkpoint.recipe, vocabulary, 1)

    def symbols_of(index: int) -> np.ndarray:
        read = np.empty((1, 1, symbols.columns), np.int32)
        symbols.read(np.array([index]), read[0])
        return read

    network.load_weights(checkpoint.weights_file)
    index = vocabulary.char2idx["X"]
    text = [index]
    for _ in range(arguments.length - 1):
        probabilities = network.predict_on_batch(symbols_of(index))[0, 0].astype("float64")
        index = np.random.choice(len(vocabulary), p=probabilities / probabilities.sum())
        text.append(index)
    print(vocabulary.decode(text))


if __name__ == "__main__":
    main()
