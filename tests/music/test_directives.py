"""What a tune says with %%MIDI."""

from fractions import Fraction

import pytest

from abcgen.music.directives import read_program, steps_of, transposition_in
from abcgen.music.notes import music_of
from abcgen.notation.tune import Tune, read_tune


def tune(lines: str, body: str = "C|") -> Tune:
    return read_tune(f"X:1\nT:t\n{lines}\nK:C\n{body}\n")


def program_in(read: Tune) -> int | None:
    """Return the program that a tune begins with."""
    return steps_of(read, (), read_program, None)[0][1]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("%%MIDI program 73", 73),
        ("%%MIDI program 0", 0),
        ("%%MIDI program 1 73", 73),
        ("%%MIDI program 2 73", None),
        ("%%MIDI program 24\n%%MIDI program 73", 73),
        ("I:MIDI program 73", 73),
        ("I:MIDI = program 73", 73),
        ("%%MIDI program 128", None),
        ("%%MIDI program flute", None),
        ("%%MIDI programme 73", None),
        ("% %MIDI program 73", None),
        ("N:nothing", None),
    ],
)
def test_program(lines: str, expected: int | None) -> None:
    assert program_in(tune(lines)) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("%%MIDI transpose 2", 2),
        ("%%MIDI transpose +2", 2),
        ("%%MIDI transpose -12", -12),
        ("%%MIDI transpose 2\n%%MIDI transpose 0", 0),
        ("%%MIDI transpose 128", 0),
        ("%%MIDI transpose high", 0),
        ("N:nothing", 0),
    ],
)
def test_transposition(lines: str, expected: int) -> None:
    assert transposition_in(tune(lines)) == expected


def test_a_directive_may_follow_the_key_but_not_the_music() -> None:
    assert program_in(tune("R:reel", "%%MIDI program 73\nC|")) == 73
    assert program_in(tune("R:reel", "C|\n%%MIDI program 73\nC|")) is None


def test_later_directives_hold_from_where_they_stand() -> None:
    one = tune("%%MIDI program 7", "|:C8|\n%%MIDI program 40\nD8:|[I:MIDI=program 41]E8|")
    steps = steps_of(one, music_of(one).directions, read_program, 0)
    assert steps == [(Fraction(at), program) for at, program in [(0, 7), (1, 40), (3, 40), (4, 41)]]
