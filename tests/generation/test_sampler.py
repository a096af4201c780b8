import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from abcgen.errors import UsageError
from abcgen.generation.noise import Noise
from abcgen.generation.sampler import Sampler

# Steps of a tenth, so that two odds are either the same logit's or clearly apart.
tenths = st.integers(-50, 50).map(lambda number: number / 10)
logits = arrays(np.float32, (3, 6), elements=tenths, unique=True)
noises = arrays(np.float32, (3, 6), elements=st.integers(-29, 299).map(lambda n: n / 100))
samplers = st.builds(
    Sampler,
    temperature=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    top_k=st.integers(0, 8),
    top_p=st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)


def slow_scores(sampler: Sampler, row: np.ndarray, noise: np.ndarray) -> list[float]:
    """The readable twin: one row, character by character."""
    kept = sorted(range(len(row)), key=lambda index: -row[index])
    if sampler.temperature == 0:
        kept = kept[:1] if sampler.top_k or sampler.top_p < 1 else kept
        return [row[i] + noise[i] if i in kept else -math.inf for i in range(len(row))]
    kept = kept[: sampler.top_k] if sampler.top_k else kept
    odds = {i: math.exp((row[i] - row.max()) / sampler.temperature) for i in kept}
    nucleus: list[int] = []
    for index in kept:
        nucleus.append(index)
        if sum(odds[i] for i in nucleus) >= sampler.top_p * sum(odds.values()) * (1 - 1e-12):
            break
    return [row[i] + noise[i] if i in nucleus else -math.inf for i in range(len(row))]


@given(samplers, logits, noises)
def test_it_agrees_with_its_slow_twin(
    sampler: Sampler, rows: np.ndarray, drawn: np.ndarray
) -> None:
    expected = [slow_scores(sampler, row, noise) for row, noise in zip(rows, drawn, strict=True)]
    assert sampler.scores(rows, drawn).tolist() == pytest.approx(np.array(expected, np.float32))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.5])
def test_temperature_shapes_how_often_a_character_is_drawn(temperature: float) -> None:
    odds = np.array([0.5, 0.3, 0.19, 0.01, 0.0])
    with np.errstate(divide="ignore"):
        row = np.log(odds[None]).astype(np.float32)
    noise = Noise(1, 5, temperature)
    noise.begin(0, 3, 1, 1)
    sampler, drawn = Sampler(temperature), np.zeros(5)
    for _ in range(40_000):
        drawn[sampler.scores(row, noise.next()).argmax()] += 1
    expected = odds ** (1 / temperature)
    assert drawn / drawn.sum() == pytest.approx(expected / expected.sum(), abs=0.01)
    assert drawn[4] == 0


def test_what_may_not_be_had_leaves_the_others_as_likely_as_without_it() -> None:
    row = np.log(np.array([[0.6, 0.3, 0.1]], np.float32))
    noise = Noise(1, 3, 1.0)
    noise.begin(0, 4, 1, 1)
    drawn = np.zeros(3)
    for _ in range(40_000):
        scores = Sampler(1.0).scores(row, noise.next())
        if scores.argmax() == 0:
            scores[0, 0] = -np.inf
            drawn[scores.argmax()] += 1
    assert drawn / drawn.sum() == pytest.approx([0, 0.75, 0.25], abs=0.01)


@pytest.mark.parametrize(
    "values",
    [
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"temperature": float("inf")},
        {"top_k": -1},
        {"top_p": 0.0},
        {"top_p": 1.1},
    ],
)
def test_settings_that_make_no_sense_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Sampler(**values)
