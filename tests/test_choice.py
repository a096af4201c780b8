import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from abcgen.choice import Choice
from abcgen.errors import UsageError

# Steps of a tenth, so that two odds are either the same logit's or clearly apart.
tenths = st.integers(-50, 50).map(lambda number: number / 10)
logits = arrays(np.float32, (3, 6), elements=tenths, unique=True)
uniforms = arrays(np.float64, (3,), elements=st.floats(0, 1, exclude_max=True))
choices = st.builds(
    Choice,
    temperature=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    top_k=st.integers(0, 8),
    top_p=st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)


def slow_choice(choice: Choice, row: np.ndarray, uniform: float) -> int:
    """The readable twin: one row, character by character."""
    by_logit = sorted(range(len(row)), key=lambda index: -row[index])
    if choice.temperature == 0:
        return by_logit[0]
    odds = {
        i: float(np.exp((float(row[i]) - float(row.max())) / choice.temperature)) for i in by_logit
    }
    kept = by_logit[: choice.top_k] if choice.top_k else by_logit
    total = sum(odds[i] for i in kept)
    nucleus: list[int] = []
    for index in kept:
        nucleus.append(index)
        if sum(odds[i] for i in nucleus) >= choice.top_p * total * (1 - 1e-12):
            break
    total = sum(odds[i] for i in nucleus)
    running = 0.0
    for index in sorted(nucleus):
        running += odds[index]
        if running > uniform * total:
            return index
    return max(nucleus)


@given(choices, logits, uniforms)
def test_it_agrees_with_its_slow_twin(choice: Choice, rows: np.ndarray, drawn: np.ndarray) -> None:
    # Where a running sum and the drawn number agree to the last bit either is right.
    drawn = np.round(drawn, 6) * 0.999 + 0.0003
    expected = [slow_choice(choice, row, u) for row, u in zip(rows, drawn, strict=True)]
    assert choice.choose(rows, drawn).tolist() == expected


@given(choices, logits, uniforms)
def test_a_row_does_not_depend_on_its_neighbours(
    choice: Choice, rows: np.ndarray, drawn: np.ndarray
) -> None:
    together = choice.choose(rows, drawn)
    alone = [choice.choose(rows[i : i + 1], drawn[i : i + 1])[0] for i in range(3)]
    assert together.tolist() == alone


def test_temperature_shapes_how_often_a_character_is_drawn() -> None:
    row = np.log(np.array([[0.2, 0.8]], np.float32))
    drawn = (np.arange(1000) + 0.5) / 1000
    rows = np.repeat(row, 1000, axis=0)
    assert Choice(temperature=1).choose(rows, drawn).mean() == pytest.approx(0.8, abs=0.002)
    # At half the temperature odds are squared: 0.64 / (0.64 + 0.04).
    assert Choice(temperature=0.5).choose(rows, drawn).mean() == pytest.approx(0.9412, abs=0.002)


def test_what_is_impossible_is_never_drawn() -> None:
    row = np.array([[-np.inf, 0.0, -np.inf, 0.0, -np.inf]], np.float32)
    for uniform in (0.0, 0.25, 0.5, np.nextafter(1, 0)):
        assert Choice(temperature=1).choose(row, np.array([uniform]))[0] in (1, 3)


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
