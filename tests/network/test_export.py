import itertools
from pathlib import Path

import numpy as np
import pytest

from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.network.engine import KerasEngine
from abcgen.tunebooks.corpus import read_corpus

pytestmark = pytest.mark.keras


def test_the_engine_costs_less_than_a_hundredth_of_a_bit(tiny: Path, book: Path) -> None:
    """The shipped int8 engine against the Keras weights, on validation tunes."""
    from abcgen.model.vocabulary import END_OF_TUNE

    checkpoint = read_checkpoint(str(tiny))
    tunes = read_corpus([str(book)]).split("validation")
    engines = {"engine": LiteRTEngine.of(checkpoint), "keras": KerasEngine.of(checkpoint)}
    losses = {"engine": 0.0, "keras": 0.0}
    count = 0
    for tune in tunes:
        characters = checkpoint.vocabulary.encode(END_OF_TUNE + tune + END_OF_TUNE)
        for name, engine in engines.items():
            engine.reset(0)
            for character, target in itertools.pairwise(characters):
                logits = engine.step(character.reshape(1))[0].astype(float)
                losses[name] += float(np.log(np.exp(logits).sum()) - logits[target])
        count += len(characters) - 1
    assert abs(losses["engine"] - losses["keras"]) / count / np.log(2) < 0.01
