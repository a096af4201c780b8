from pathlib import Path

import pytest

from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from benchmarks.harness.settings import Settings
from benchmarks.speed.streams import SteadyEngine, draw_on


def test_an_engine_draws_by_plans_and_habits() -> None:
    """As a book is drawn."""
    checkpoint = read_checkpoint("folk")
    drawn = next(draw_tunes(SteadyEngine(checkpoint, 1, 0, 4096), Request(1)))
    assert drawn == next(draw_tunes(LiteRTEngine.of(checkpoint), Request(1)))


@pytest.mark.keras
def test_an_engine_stops_after_its_steps(tiny: Path) -> None:
    checkpoint = Settings(str(tiny), 1, 100, tiny).network()

    class Counting(SteadyEngine):
        counts: list[int] = []  # noqa: RUF012

        def begin(self) -> None:
            self.counts.append(self._left)

        def end(self) -> None:
            self.counts.append(self._left)

    draw_on(Counting(checkpoint, 2, 30, 50), Sampler(), masked=True)
    assert Counting.counts == [50, 0]
