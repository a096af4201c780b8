from pathlib import Path

import pytest

from abcgen.generation.sampler import Sampler
from benchmarks.harness.settings import Settings
from benchmarks.speed.streams import SteadyEngine, draw_on


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
