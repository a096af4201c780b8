"""What int8 weights cost: bits per character of validation tunes, compared with float32.

    python -m benchmarks.quality.quantization nottingham cobb

Each validation tune is read from a reset state to its end by Keras, by the int8 engine, and by an
engine of float32 weights; their logits are compared over the first 50 steps. Needs the extra
`train`.
"""

import argparse

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.model.vocabulary import END_OF_TUNE
from abcgen.network.build import build_network
from abcgen.network.engine import KerasEngine
from abcgen.network.export import exported
from abcgen.support import defaults
from abcgen.tunebooks.corpus import read_corpus

_STEPS = 50  # over which logits are compared


def bits(engine: Engine, characters: NDArray[np.int32]) -> tuple[float, list[NDArray[np.float32]]]:
    """Return the bits that an engine needs to predict a tune, and its logits at each step."""
    engine.reset(0)
    total, steps = 0.0, []
    for place in range(len(characters) - 1):
        logits = engine.step(characters[place : place + 1])[0].copy()
        steps.append(logits)
        shifted = logits.astype(np.float64) - logits.max()
        total += np.log2(np.exp(shifted).sum()) - shifted[characters[place + 1]] / np.log(2)
    return float(total), steps


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", nargs="+", help="the corpora the checkpoint was trained on")
    parser.add_argument("--checkpoint", default=defaults.CHECKPOINT)
    parser.add_argument(
        "--tunes", type=int, default=0, help="use the first TUNES only (default: all)"
    )
    arguments = parser.parse_args()
    checkpoint = read_checkpoint(arguments.checkpoint)
    corpus = read_corpus(arguments.books, edition=checkpoint.vocabulary.edition)
    tunes = corpus.split("validation")[: arguments.tunes or None]
    network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
    network.load_weights(checkpoint.weights_file)
    with exported(network, checkpoint.recipe, quantize=False) as file:
        engines: dict[str, Engine] = {
            "Keras, float32": KerasEngine.of(checkpoint),
            "LiteRT, float32": LiteRTEngine(file, checkpoint.recipe, checkpoint.vocabulary),
            "LiteRT, int8": LiteRTEngine.of(checkpoint),
        }
        totals = dict.fromkeys(engines, 0.0)
        furthest = dict.fromkeys(engines, 0.0)
        count = 0
        for tune in tunes:
            characters = checkpoint.vocabulary.encode(END_OF_TUNE + tune + END_OF_TUNE)
            count += len(characters) - 1
            found = {name: bits(engine, characters) for name, engine in engines.items()}
            reference = found["Keras, float32"][1][:_STEPS]
            for name, (total, steps) in found.items():
                totals[name] += total
                distance = np.abs(np.array(steps[:_STEPS]) - np.array(reference)).max()
                furthest[name] = max(furthest[name], float(distance))
    print(f"{len(tunes)} validation tunes, {count} characters")
    print(f"{'':18}bits per character cost   furthest logit in {_STEPS} steps")
    best = totals["Keras, float32"] / count
    for name, total in totals.items():
        value = total / count
        print(f"{name:18}{value:16.5f}{value - best:+9.5f}{furthest[name]:14.2e}")


if __name__ == "__main__":
    main()
