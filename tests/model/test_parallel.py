from collections.abc import Callable

import numpy as np
import pytest

from abcgen.model import parallel
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.parallel import ParallelEngine


@pytest.fixture(params=[0, 1, 3])
def helpers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Threads that help, as on idle machines of one more processor."""
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, 0.0), raising=False)
    made = parallel._Helpers(request.param)
    monkeypatch.setattr(parallel, "_helpers", lambda: made)
    count: int = request.param
    return count


@pytest.mark.parametrize("streams", [3, 16, 41])
def test_whatever_is_done_the_logits_are_those_of_the_plain_engine(
    helpers: int, streams: int
) -> None:
    checkpoint = read_checkpoint("folk")
    plain = LiteRTEngine.of(checkpoint, streams)
    shared = ParallelEngine.of(checkpoint, streams)
    draw = np.random.default_rng(streams)
    states = [engine.state(0) for engine in (plain, shared)]

    def step() -> None:
        read = draw.integers(0, len(checkpoint.vocabulary), plain.num_streams)
        np.testing.assert_array_equal(plain.step(read), shared.step(read))

    def both(do: Callable[[LiteRTEngine], object]) -> None:
        for engine in (plain, shared):
            do(engine)
        step()

    step()
    states = [engine.state(streams - 1) for engine in (plain, shared)]
    step()
    both(lambda engine: engine.reset(1))
    for engine, state in zip((plain, shared), states, strict=True):
        engine.restore(0, state)
    step()
    both(lambda engine: engine.keep([*range(streams - 1, 0, -2), 0]))
    both(lambda engine: engine.keep([0, 1] * streams))
    assert shared.num_streams == 2 * streams


def test_streams_are_shared_out_where_there_are_enough(helpers: int) -> None:
    engine = ParallelEngine.of(read_checkpoint("folk"), 40)
    assert max(len(engine._parts), 1) == 1 + helpers
    engine.keep([0, 1, 2])
    assert not engine._parts


def test_a_busy_machine_is_left_alone(helpers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (9.0, 0.0, 0.0), raising=False)
    assert not ParallelEngine.of(read_checkpoint("folk"), 40)._parts


def test_an_error_in_a_thread_is_raised(helpers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if not helpers:
        pytest.skip("needs a thread that helps")
    engine = ParallelEngine.of(read_checkpoint("folk"), 40)
    engine._parts[1] = engine._parts[1]._replace(rows=slice(0, 1000))
    with pytest.raises(ValueError, match="broadcast"):
        engine.step(np.zeros(40, np.int64))
