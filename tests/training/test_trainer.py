"""A network that learns to go by plans, beside what another one knows."""

from pathlib import Path

import numpy as np
import pytest

import abcgen
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.grammar.faults import complaint
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from tests.conftest import Run

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, tiny: Path, book: Path) -> Path:
    """The folder of a checkpoint that continues from `tiny` and learns to go by plans alone."""
    from abcgen.training.run import train

    base = read_checkpoint(str(tiny))
    recipe = base.recipe.changed(plan_size=8, plan_alone=True, epochs=2, own=0.2, originals=0)
    folder = tmp_path_factory.mktemp("checkpoints") / "planned"
    train([str(book)], folder, recipe, seed=1, base=base)
    return folder


def test_only_what_reads_the_plan_has_learned(planned: Path, tiny: Path) -> None:
    from abcgen.network.build import build_network, weights_of

    before, after = (read_checkpoint(str(folder)) for folder in (tiny, planned))
    weights = []
    for one in (before, after):
        network = build_network(one.recipe, len(one.vocabulary), 1, 1)
        network.load_weights(one.weights_file)
        weights.append(weights_of(network))
    for path, values in weights[0].items():
        assert np.array_equal(values, weights[1][path]), path
    assert np.abs(weights[1]["plan_logits/plan_out/kernel"]).max() > 0


def test_without_a_plan_it_predicts_what_it_did(planned: Path, tiny: Path) -> None:
    one, other = (LiteRTEngine.of(read_checkpoint(str(folder))) for folder in (tiny, planned))
    for character in one.vocabulary.encode("\nX:1\nT:a\nM:4/4\nL:1/8\nK:G\n|:GABc"):
        logits = [engine.step(np.array([character])) for engine in (one, other)]
        assert np.allclose(*logits, atol=1e-5)


def test_it_draws_valid_tunes_by_plans_that_travel_with_it(planned: Path) -> None:
    engine = LiteRTEngine.of(read_checkpoint(str(planned)), 4)
    assert engine.planner is not None
    tunes = list(draw_tunes(engine, Request(1), range(1, 9)))
    assert all(complaint(tune.text.removesuffix("\n")) is None for tune in tunes)


def test_the_engine_file_goes_by_a_plan_as_keras_does(planned: Path) -> None:
    from abcgen.network.engine import KerasEngine

    checkpoint = read_checkpoint(str(planned))
    engines = LiteRTEngine.of(checkpoint), KerasEngine.of(checkpoint)
    texts = [
        [tune.text for tune in draw_tunes(engine, Request(2), range(1, 2))] for engine in engines
    ]
    shown = list(engines[0].vocabulary.encode("\n" + texts[0][0]))
    for engine in engines:
        engine.reset(0)
    for character in shown[:40]:
        logits = [engine.step(np.array([character])) for engine in engines]
        assert np.allclose(*logits, atol=0.2)


def test_it_makes_tunes_again_from_before_its_plans(
    planned: Path, tiny: Path, tmp_path: Path, run: Run
) -> None:
    before = abcgen.load(tiny)
    tune = before.tune(seed=3)
    bars = before.redraw(tune, "1", seed=3)[0]
    after = abcgen.load(planned)
    assert after.tune(seed=3) != tune
    assert after.again(tune) == tune
    assert after.again(bars, tune) == bars
    tune.save(tmp_path / "before.abc")
    done = run("sample", "--checkpoint", planned, "--like", tmp_path / "before.abc")
    assert done.stdout.strip() == str(tune).strip()
