"""How fast tunes go."""

from fractions import Fraction

import pytest

from abcgen.music.notes import music_of
from abcgen.music.tempo import tempo_of, tempos_of
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
        ("Q:1/4=90-100", 90),
        ("Q:3/8=ca. 80", 120),
        ("Q:118 =1/4", 118),
        ("Q:80=3/8", 120),
        ("Q:76 bpm", 76),
        ("Q:ca. 76", 76),
        ("Q:Allegro 1/4=120", 120),
        ('Q:"slow" 1/4=60 "ish"', 60),
        ("Q:\N{QUARTER NOTE}=96", 96),
        ("Q:\N{QUARTER NOTE}.=80", 120),
        ('Q:"Allegro"', 132),
        ("Q:Allegro moderato", 108),
        ('Q:"Allegro"\nQ:1/4=100', 100),
        ("Q:1/4.=100", 150),
        ("Q:quarter=120", 120),
        ("Q:Half note = 60", 120),
        ("Q:dotted crotchet = 80", 120),
        # What cannot be meant is ignored.
        ('Q:"Con brio"', 160),
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


def tempos(field: str, body: str, qpm: float | None = None) -> list[tuple[float, float]]:
    """Return onsets in quarter notes, and tempos."""
    tune = read_tune(f"X:1\nM:4/4\nL:1/4\n{field}\nK:C\n{body}\n")
    return [(float(4 * at), q) for at, q in tempos_of(tune, music_of(tune).directions, qpm)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("C4|", [(0, 120)]),
        ("Q:1/4=60\nC4|", [(0, 60)]),
        ("C4|[Q:1/4=60]C4|", [(0, 120), (4, 60)]),
        ("CD[Q:1/4=60]EF|\nQ:1/2=100\nC4|", [(0, 120), (2, 60), (4, 200)]),
        ("|:C4|[Q:1/4=60]C4:|C4|", [(0, 120), (4, 60)]),
        ("Q:C=90\nC4|", [(0, 90)]),
        ("Q:fiery\nC4|", [(0, 120)]),
    ],
)
def test_the_tempo_changes_where_a_field_stands(
    body: str, expected: list[tuple[float, float]]
) -> None:
    assert tempos("Q:1/4=120", body) == expected


def test_all_tempos_change_as_the_first_does() -> None:
    body = "C4|[Q:1/4=60]C4|[Q:1/4=900]C4|"
    assert tempos("Q:1/4=120", body, 100) == [(0, 100), (4, 50), (8, 750)]
    assert tempos("Q:1/4=120", body, 240)[-1] == (8, 1000)  # the fastest that there is


def test_a_compound_metre_counts_words_in_dotted_beats() -> None:
    assert tempo_of(tune('Q:"Andante"', meter="6/8")) == 120
    assert tempos_of(tune("R:jig"), []) == [(Fraction(0), 165)]
