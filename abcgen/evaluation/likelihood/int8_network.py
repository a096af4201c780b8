"""A trained network as a model of text: it reads each tune alone, from a reset state to its end."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.evaluation.likelihood.text_model import Score, predicted
from abcgen.generation.request import REFERENCE
from abcgen.generation.wishes import check_style
from abcgen.grammar.style import with_style
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary

_STREAMS = 64  # tunes read side by side; more are hardly faster


class Int8Network:
    """The int8 network of a checkpoint, the one that tunes are sampled from.

    Parameters
    ----------
    checkpoint : Checkpoint
        A verified checkpoint.
    style : str
        The style that tunes are read in, if the network tells styles apart.

    Raises
    ------
    UsageError
        If it does not know the style, or needs one.
    """

    def __init__(self, checkpoint: Checkpoint, style: str = "") -> None:
        check_style(style, checkpoint)
        if checkpoint.vocabulary.styles and not style:
            raise UsageError(
                f"{checkpoint.path.name} reads a tune in one of its styles: name one of "
                f"{', '.join(checkpoint.vocabulary.styles)}"
            )
        told = f", told {style}" if style else ""
        self.name = f"{checkpoint.path.name} version {checkpoint.version}, int8{told}"
        self._checkpoint, self._style = checkpoint, style

    def score(self, tunes: Sequence[str]) -> Score:
        """Judge tunes, each from a reset state.

        Raises
        ------
        VocabularyError
            If a tune holds a character that the network does not know.
        """
        engine = LiteRTEngine.of(self._checkpoint, min(_STREAMS, max(len(tunes), 1)))
        return score_tunes(engine, self._checkpoint.vocabulary, tunes, self._style)


def score_tunes(
    engine: Engine, vocabulary: Vocabulary, tunes: Sequence[str], style: str = ""
) -> Score:
    """Let an engine read tunes, and return how well it predicts them.

    Parameters
    ----------
    engine : Engine
        N streams; their states are reset.
    vocabulary : Vocabulary
        The network's.
    tunes : sequence of str
        In canonical spelling, each without the blank line after it. Before a tune the network
        reads the end of a tune, as in training and sampling.
    style : str
        What the network is told of all of them. The line that says so is read, but not judged.
    """
    count = engine.num_streams
    told = range(len(REFERENCE), len(with_style(REFERENCE, style)))  # places in the text
    bits, right = 0.0, 0
    # Tunes of similar length are read side by side, so that few streams wait for the longest.
    ordered = sorted(tunes, key=len)
    for start in range(0, len(ordered), count):
        batch = [
            vocabulary.encode(END_OF_TUNE + predicted(with_style(tune, style)))
            for tune in ordered[start:][:count]
        ]
        longest = max(map(len, batch))
        text = np.zeros((count, longest), np.int32)
        for stream, characters in enumerate(batch):
            text[stream, : len(characters)] = characters
        for stream in range(count):
            engine.reset(stream)
        for place in range(longest - 1):
            logits = engine.step(text[:, place]).astype(np.float64)  # (N, V)
            if place in told:
                continue
            # The shortest tunes come first, and end first.
            first = next(i for i, tune in enumerate(batch) if len(tune) > place + 1)
            reading = slice(first, len(batch))
            targets = text[reading, place + 1]
            bits += _bits_of(targets, logits[reading])
            right += int((logits[reading].argmax(axis=1) == targets).sum())
    return Score(bits, right)


def _bits_of(targets: NDArray[np.int32], logits: NDArray[np.float64]) -> float:
    """Return the bits of the target characters (n,) under logits (n, V), all together."""
    logits = logits - logits.max(axis=1, keepdims=True)
    nats = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(targets)), targets]
    return float(nats.sum() / np.log(2))
