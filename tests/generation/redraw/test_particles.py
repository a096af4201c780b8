"""Particles compared with their slow twin, which reads every bar that may stand in a gap."""

import math
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.generation.loop import state_behind
from abcgen.generation.noise import Noise
from abcgen.generation.redraw.alternatives import _free_bars, _resampled
from abcgen.generation.redraw.bars import BarredTune, barred, beginning, read_along
from abcgen.generation.redraw.particles import Particles
from abcgen.generation.sampler import Sampler
from abcgen.grammar.bar import Start
from abcgen.model.vocabulary import Vocabulary
from tests.generation.engines import Habit
from tests.generation.redraw.twin import TINY, TUNE, Reader, all_alternatives, odds, read

_STREAMS = 800
_SEEDS = range(5)
Shares = dict[tuple[str, ...], float]


@pytest.fixture
def tune() -> BarredTune:
    return barred(TUNE, TINY)


def begun(
    tune: BarredTune, numbers: set[int], temperature: float = 1.0, engine: Habit | None = None
) -> Particles:
    """Return particles before the first of some free bars."""
    free = _free_bars(tune, frozenset(numbers))
    engine = engine or Habit(TINY)
    particles = Particles(engine, _STREAMS, tune.text, free, Sampler(temperature))
    start, place, read = min(free), beginning(TINY), ["\n"]
    for _, character, at in read_along(tune.text[:start], place):
        read.append(character)
        place = at.after(character)
    state = state_behind(Habit(TINY), TINY.encode("".join(read[:-1])).tolist())
    particles.begin(state, read[-1], place, start)
    return particles


def distance(found: Shares, right: Shares) -> float:
    """Return how far two distributions are apart: 0 if they are the same, 1 at most."""
    return sum(abs(found.get(bars, 0) - right.get(bars, 0)) for bars in {*found, *right}) / 2


@pytest.mark.parametrize("temperature", [0.7, 1.0])
@pytest.mark.parametrize("number", [1, 2, 4, 5, 7])
def test_bars_are_drawn_and_weighed_as_by_the_twin(
    tune: BarredTune, number: int, temperature: float
) -> None:
    stop = len(tune.text)
    free = _free_bars(tune, frozenset({number}))
    right = all_alternatives(tune, free, stop, temperature)
    assert len(right) > 100
    drawn: Counter[tuple[str, ...]] = Counter()
    for seed in _SEEDS:
        particles = begun(tune, {number}, temperature)
        particles.use_noise(seed, 1)
        particles.run(stop)
        for bars, weight in zip(particles.drawn, particles.log_weight.tolist(), strict=True):
            assert weight == pytest.approx(right[tuple(bars)][1], abs=1e-4)
        drawn.update(map(tuple, particles.drawn))
    found = {bars: count / drawn.total() for bars, count in drawn.items()}
    assert distance(found, {bars: math.exp(log) for bars, (log, _) in right.items()}) < 0.08


def test_each_stream_draws_what_it_would_alone(tune: BarredTune) -> None:
    """The slow twin of rows that streams share: one stream after the other, by its own noise."""
    particles = begun(tune, {5})
    particles.use_noise(3, 1)
    particles.run(tune.bars[4].end + 1)
    for stream in range(0, _STREAMS, 37):
        assert "".join(particles.drawn[stream]) == drawn_alone(tune, 5, 3, stream)


def drawn_alone(tune: BarredTune, number: int, seed: int, stream: int) -> str:
    """Return the music of a free bar that one stream draws at temperature 1."""
    ((start, bar),) = _free_bars(tune, frozenset({number})).items()
    noise = Noise(1, len(TINY), 1.0)
    noise.begin(0, seed, stream + 1, 1)
    reader, _ = read(Reader(beginning(TINY), (0, TINY.char2idx["\n"])), tune.text[:start])
    if not isinstance(reader.place.local, Start):
        reader = reader.after("\n")
    assert isinstance(reader.place.local, Start)
    context = reader.place.local.context._replace(rules=bar.rules)
    reader = reader._replace(place=reader.place._replace(local=Start(context)))
    music = ""
    while True:
        luck = noise.next()[0]
        scores = {one: log + luck[TINY.char2idx[one]] for one, log in odds(reader).items()}
        character = max(scores, key=lambda one: scores[one])
        if character in "|:":
            return music
        music, reader = music + character, reader.after(character)


def test_streams_share_a_row_until_they_part(tune: BarredTune) -> None:
    """No step of the engine has many more rows than there are different texts."""
    counted = Counted(TINY)
    particles = begun(tune, {5}, engine=counted)
    particles.use_noise(1, 1)
    particles.run(tune.bars[4].end + 1)
    different = {tuple(bars) for bars in particles.drawn}
    assert counted.rows[0] == 1
    assert max(counted.rows) < 2 * len(different) < _STREAMS


def test_progress_is_told_up_to_the_stop(tune: BarredTune) -> None:
    particles, told = begun(tune, {2, 5}), list[float]()
    particles.use_noise(1, 1)
    particles.run(tune.bars[5].start, told.append)
    assert told == sorted(told)
    assert 0 < told[len(told) // 2] < told[-1] == 1


class Counted(Habit):
    """A habit that notes how many rows each step has."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self.rows: list[int] = []

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        self.rows.append(len(characters))
        return super().step(characters)


def test_resampled_streams_have_the_distribution_of_the_twin(tune: BarredTune) -> None:
    """Two gaps: what stands between them, and behind them, says which bars fit in."""
    numbers, stop = {2, 5}, len(tune.text)
    right = all_alternatives(tune, _free_bars(tune, frozenset(numbers)), stop)
    total = math.log(sum(math.exp(drawn + follows) for drawn, follows in right.values()))
    found: Shares = {}
    for seed in _SEEDS:
        particles = begun(tune, numbers)
        particles.use_noise(seed, 1)
        particles.run(tune.bars[4].start)
        so_far = np.exp(particles.log_weight).mean()
        particles.choose(_resampled(particles.log_weight, seed, 1))
        particles.use_noise(seed, 2)
        particles.run(stop)
        weights = so_far * np.exp(particles.log_weight) / _STREAMS / len(_SEEDS)
        for bars, weight in zip(particles.drawn, (weights / math.exp(total)).tolist(), strict=True):
            found[tuple(bars)] = found.get(tuple(bars), 0) + weight
    # Of one gap alone: there are too many pairs to meet each often enough.
    for gap in (0, 1):
        posterior = {bars: math.exp(sum(logs) - total) for bars, logs in right.items()}
        prior = {bars: math.exp(drawn) for bars, (drawn, _) in right.items()}
        near, far = (distance(_of(gap, found), _of(gap, to)) for to in (posterior, prior))
        assert near < 0.1
        assert far > 2 * near


def _of(gap: int, shares: Shares) -> Shares:
    sums: Shares = {}
    for bars, share in shares.items():
        sums[(bars[gap],)] = sums.get((bars[gap],), 0) + share
    return sums


def test_what_cannot_go_on_is_lost(tune: BarredTune) -> None:
    text = tune.text.replace("|CCC-CCCCC|", "|CC|")  # too short a bar
    particles = begun(tune._replace(text=text), {1})
    particles.use_noise(1, 1)
    particles.run(len(text))
    assert np.isneginf(particles.log_weight).all()


def test_kept_streams_go_on_as_they_would_have(tune: BarredTune) -> None:
    stop, kept = tune.bars[1].start, [5, 7, 700]
    whole, part = begun(tune, {1}), begun(tune, {1})
    for particles in (whole, part):
        particles.use_noise(1, 1)
        particles.run(stop)
    part.keep(kept)
    for particles in (whole, part):
        particles.run(len(tune.text))
    assert part.drawn == [whole.drawn[stream] for stream in kept]
    assert part.log_weight == pytest.approx(whole.log_weight[kept])
