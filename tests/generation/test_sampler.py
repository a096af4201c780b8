import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from abcgen.errors import UsageError
from abcgen.generation.noise import Chance
from abcgen.generation.sampler import Choice

# Steps of a tenth, so that two odds are either the same logit's or clearly apart.
tenths = st.integers(-50, 50).map(lambda number: number / 10)
logits = arrays(np.float32, (3, 6), elements=tenths, unique=True)
noises = arrays(np.float32, (3, 6), elements=st.integers(-29, 299).map(lambda n: n / 100))
choices = st.builds(
    Choice,
    temperature=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    top_k=st.integers(0, 8),
    top_p=st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)


def slow_scores(choice: Choice, row: np.ndarray, noise: np.ndarray) -> list[float]:
    """The readable twin: one row, character by character."""
    kept = sorted(range(len(row)), key=lambda index: -row[index])
    if choice.temperature == 0:
        kept = kept[:1] if choice.top_k or choice.top_p < 1 else kept
        return [row[i] + noise[i] if i in kept else -math.inf for i in range(len(row))]
    kept = kept[: choice.top_k] if choice.top_k else kept
    odds = {i: math.exp((row[i] - row.max()) / choice.temperature) for i in kept}
    nucleus: list[int] = []
    for index in kept:
        nucleus.append(index)
        if sum(odds[i] for i in nucleus) >= choice.top_p * sum(odds.values()) * (1 - 1e-12):
            break
    return [row[i] + noise[i] if i in nucleus else -math.inf for i in range(len(row))]


@given(choices, logits, noises)
def test_it_agrees_with_its_slow_twin(choice: Choice, rows: np.ndarray, drawn: np.ndarray) -> None:
    expected = [slow_scores(choice, row, noise) for row, noise in zip(rows, drawn, strict=True)]
    assert choice.scores(rows, drawn).tolist() == pytest.approx(np.array(expected, np.float32))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.5])
def test_temperature_shapes_how_often_a_character_is_drawn(temperature: float) -> None:
    odds = np.array([0.5, 0.3, 0.19, 0.01, 0.0])
    with np.errstate(divide="ignore"):
        row = np.log(odds[None]).astype(np.float32)
    chance = Chance(1, 5, temperature)
    chance.begin(0, 3, 1, 1)
    choice, drawn = Choice(temperature), np.zeros(5)
    for _ in range(40_000):
        drawn[choice.scores(row, chance.next()).argmax()] += 1
    expected = odds ** (1 / temperature)
    assert drawn / drawn.sum() == pytest.approx(expected / expected.sum(), abs=0.01)
    assert drawn[4] == 0


def test_what_may_not_be_had_leaves_the_others_as_likely_as_without_it() -> None:
    row = np.log(np.array([[0.6, 0.3, 0.1]], np.float32))
    chance = Chance(1, 3, 1.0)
    chance.begin(0, 4, 1, 1)
    drawn = np.zeros(3)
    for _ in range(40_000):
        scores = Choice(1.0).scores(row, chance.next())
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
        Choice(**values)
