"""Several lines of music in a bar, one at a time."""

import pytest

from abcgen.notation.form import read_sections
from abcgen.notation.overlays import most_lines
from abcgen.notation.tune import read_tune


def line(body: str, which: int) -> str:
    """Return a line of music, with a stroke after each bar."""
    sections = read_sections(read_tune(f"X:1\nM:4/4\nL:1/4\nK:C\n{body}\n"), line=which)
    return "".join(
        "".join(token.text for token in bar.tokens if token.kind != "space") + "|"
        for section in sections
        for bar in section.written()
    )


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("CDEF & C4|G4|", ["CDEF|G4|", "C4|x4/1|"]),
        ("CDEF & C4 & E4|G4 & C4|", ["CDEF|G4|", "C4|C4|", "E4|x4/1|"]),
        ("(& CDEF|G4 & C4|E4 &)|c4|", ["CDEF|G4|c4|", "C4|E4|x4/1|"]),
        ("CD (& EF|G4 & C2|E4 &)|", ["CDEF|G4|", "x1/1x1/1C2|E4|"]),
        ("C>D(3EFG c & C4|[CE]2z2|", ["C>D(3EFGc|[CE]2z2|", "C4|x2/1z2|"]),
        ('"C"~C4|{d}E2!fine!F2 & C4|', ['"C"C4|E2F2|', "x4/1|C4|"]),
        ("CDEF & C4[1 G4:|[2 c4|]", ["CDEF|G4|c4|", "C4|x4/1|x4/1|"]),
    ],
)
def test_lines(body: str, lines: list[str]) -> None:
    assert most_lines(body) == len(lines)
    assert [line(body, which) for which in range(len(lines))] == lines


def test_a_key_that_changes_in_the_first_line_holds_for_all() -> None:
    tune = read_tune("X:1\nM:4/4\nL:1/4\nK:C\nCD[K:G]EF & C4|F4 & F4|\n")
    for which in (0, 1):
        assert read_sections(tune, line=which)[0].bars[1].setting.key == "G"


def test_html_and_words_are_no_overlays() -> None:
    assert most_lines('CDEF|"^a & b"G4|&amp;') == 1
