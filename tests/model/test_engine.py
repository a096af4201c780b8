import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from abcgen.errors import CheckpointError
from abcgen.grammar.title_words import FEWEST_WORDS
from abcgen.model.checkpoint import read_checkpoint, write_checkpoint, write_titles
from abcgen.model.engine import LiteRTEngine, title_words_of
from abcgen.model.recipe import Recipe
from abcgen.network.transfer import grown_vocabulary
from tests.network.test_build import KINDS, PLAIN, RECIPE, TUNES, VOCABULARY, checkpoint_of


def test_it_runs_under_a_profiler_that_keeps_every_frame() -> None:
    """LiteRT refuses to resize or run while an array over its memory is alive, in any frame."""
    checkpoint = read_checkpoint("folk")
    frames: list[FrameType] = []
    sys.setprofile(lambda frame, event, argument: frames.append(frame))
    try:
        engine = LiteRTEngine.of(checkpoint, 3)
        engine.step(np.zeros(3, np.int32))
        engine.keep([0, 2])
        logits = engine.step(np.zeros(2, np.int32))
    finally:
        sys.setprofile(None)
    assert any(frame.f_code.co_name == "_memory_of" for frame in frames)
    assert logits.shape == (2, len(checkpoint.vocabulary))


@pytest.mark.parametrize("kept", [[0, 0, 2], [2, 0, 1], [1, 1, 1, 0], [2]])
def test_kept_streams_go_on_from_where_they_were(kept: list[int]) -> None:
    checkpoint = read_checkpoint("folk")
    engine, alone = LiteRTEngine.of(checkpoint, 3), LiteRTEngine.of(checkpoint, 1)
    for characters in ([3, 9, 20], [5, 30, 8]):
        engine.step(np.array(characters))
    states = [engine.state(stream) for stream in range(3)]
    engine.keep(kept)
    logits = engine.step(np.arange(len(kept)) + 40)
    for place, stream in enumerate(kept):
        alone.restore(0, states[stream])
        np.testing.assert_array_equal(logits[place], alone.step(np.array([place + 40]))[0])


@pytest.mark.keras
@KINDS
def test_a_stream_does_not_depend_on_how_many_run_beside_it(tmp_path: Path, recipe: Recipe) -> None:
    checkpoint, _ = checkpoint_of(tmp_path, recipe, quantize=True)
    characters = np.stack([VOCABULARY.encode(tune[:90]) for tune in TUNES[:7]], axis=1)
    together = LiteRTEngine.of(checkpoint, 7)
    outputs = np.stack([together.step(row).copy() for row in characters])
    for stream in range(7):
        alone = LiteRTEngine.of(checkpoint, 1)
        single = np.stack([alone.step(row[stream : stream + 1])[0].copy() for row in characters])
        np.testing.assert_array_equal(single, outputs[:, stream])


@pytest.mark.keras
def test_an_engine_that_does_not_fit_its_checkpoint_is_refused(tmp_path: Path) -> None:
    checkpoint, _ = checkpoint_of(tmp_path, RECIPE, quantize=True)
    for changed in (
        replace(checkpoint, recipe=RECIPE.changed(rnn_sizes=(24, 16, 16))),
        replace(checkpoint, recipe=RECIPE.changed(rnn_sizes=(24, 16))),
        replace(checkpoint, recipe=PLAIN.changed(rnn_sizes=RECIPE.rnn_sizes)),
        replace(checkpoint, vocabulary=grown_vocabulary(VOCABULARY, "~")),
    ):
        with pytest.raises(CheckpointError, match=r"does not fit its checkpoint\.json: expected"):
            LiteRTEngine.of(changed)


@pytest.mark.keras
@pytest.mark.parametrize("streams", [2, 7])
def test_reset_forgets_one_stream_only(tmp_path: Path, streams: int) -> None:
    engine = LiteRTEngine.of(checkpoint_of(tmp_path, RECIPE, quantize=True)[0], streams)
    characters = np.full(streams, VOCABULARY.char2idx["M"], np.int32)
    first = engine.step(characters).copy()
    second = engine.step(characters).copy()
    engine.reset(0)
    third = engine.step(characters)
    np.testing.assert_array_equal(third[0], first[0])
    assert not np.array_equal(third[1], second[1])
    assert not np.array_equal(third[1], first[1])


@pytest.mark.keras
@pytest.mark.parametrize("streams", [1, 7])
def test_a_stream_goes_back_to_a_state_and_on_from_there(tmp_path: Path, streams: int) -> None:
    engine = LiteRTEngine.of(checkpoint_of(tmp_path, RECIPE, quantize=True)[0], streams)
    rows = [np.full(streams, index, np.int32) for index in VOCABULARY.encode(TUNES[0])]
    for row in rows[:60]:
        engine.step(row)
    state = engine.state(0)
    expected = [engine.step(row)[0].copy() for row in rows[60:]]
    engine.restore(0, state)
    np.testing.assert_array_equal([engine.step(row)[0].copy() for row in rows[60:]], expected)


def test_titles_that_the_network_cannot_write_are_left_out(tmp_path: Path) -> None:
    words = [f"A{'b' * number}" for number in range(FEWEST_WORDS)]
    folk = read_checkpoint()
    shutil.copytree(folk.path, tmp_path / "folk")
    checkpoint = replace(folk, path=tmp_path / "folk")
    for titles, count in (([*words, "\u2603"], FEWEST_WORDS), (words[1:], None)):
        write_checkpoint(checkpoint, {"titles.txt": partial(write_titles, titles)})
        found = title_words_of(read_checkpoint(str(checkpoint.path)))
        assert (found and len(found)) == count
