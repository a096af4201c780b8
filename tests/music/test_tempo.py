"""How fast tunes go."""

import pytest

from abcgen.music.tempo import tempo_of
from abcgen.notation.tune import Tune, read_tune


def tune(field: str = "", meter: str = "4/4") -> Tune:
    return read_tune(f"X:1\nM:{meter}\nL:1/8\n{field}\nK:C\nC\n")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Q:1/4=100", 100),
        ("Q:1/2=80", 160),
        ("Q:3/8=80", 120),
        ("Q: 3/8 = 80", 120),
        ('Q:"Allegro" 1/4=132', 132),
        ('Q:1/4=132 "quick"', 132),
        ("Q:1/4 3/8=40", 100),
        ("Q:100", 100),
        ("Q:C=200", 100),
        ("Q:C3=80", 120),
        ("Q:1/4=92.5", 92.5),
        # What cannot be meant is passed over.
        ('Q:"Allegro"', 160),
        ("Q:1/4=0", 160),
        ("Q:1/0=100", 160),
        ("Q:1/4=9999", 160),
        ("Q:quick=x", 160),
        ("R:reel", 190),
        ("R:Jig", 165),
        ("R:slip jig", 165),
        ("R:slow air", 60),
        ("R:Hornpipe, dotted", 150),
        ("R:unheard of", 160),
    ],
)
def test_tempo(field: str, expected: float) -> None:
    assert tempo_of(tune(field)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("meter", "expected"), [("6/8", 165), ("3/4", 138), ("2/4", 120), ("C|", 180), ("7/8", 120)]
)
def test_tempo_of_a_metre(meter: str, expected: float) -> None:
    assert tempo_of(tune(meter=meter)) == expected
