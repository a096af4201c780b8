from fractions import Fraction

import pytest

from abcgen.grammar.spelling import canonical
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune
from abcgen.notation.warned import (
    MISSING_PART,
    UNKNOWN_CHORD,
    UNKNOWN_DIRECTIVE,
    UNKNOWN_ORDER,
    UNKNOWN_TEMPO,
    UNMARKED_PARTS,
    UNUSED_PART,
)


def played(body: str, header: str = "") -> list[tuple[str, str, str]]:
    """Return the warnings after a tune is played: where, what, and on what."""
    tune = read_tune(f"X:1\nT:a\nM:4/4\nL:1/4\n{header}K:D\n{body}\n")
    perform(tune)
    return [(one.place, one.what, one.found) for one in tune.warnings]


def warned(body: str, header: str = "") -> list[tuple[str, str]]:
    """Return where there are warnings after a tune is played, and on what."""
    found = played(body, header)
    assert {what for _, what, _ in found} <= {UNKNOWN_CHORD, UNKNOWN_DIRECTIVE}
    return [(place, on) for place, _, on in found]


def test_each_chord_symbol_that_is_not_known_is_named() -> None:
    assert warned('|:"D"ABcd|"H7"abag|"G"ABcd|"H7"abag:|') == [
        ("line 6, column 11", "H7"),
        ("line 6, column 28", "H7"),
    ]


@pytest.mark.parametrize(
    "text", ["D", "N.C.", "Fine", "^Am7b5", "tacet", "C13", "Am7b5", "F\u266fm", "DMaj"]
)
def test_known_symbols_and_words_are_not(text: str) -> None:
    assert warned(f'"{text}"ABcd|') == []


def test_chords_of_lead_sheets_are_played() -> None:
    symbols = ("B\u266d", "E\u00b0", "Am7b5", "C6/9", "G13", "F(add9)", "A-7")
    body = "|".join(f'"{symbol}"ABcd' for symbol in symbols)
    struck = {sound.onset for sound in perform(read_tune(f"X:1\nL:1/4\nK:D\n{body}|]\n")).chords}
    assert struck == {Fraction(beat, 4) for beat in range(4 * len(symbols))}


def test_an_unknown_chord_is_silent_until_the_next() -> None:
    tune = read_tune('X:1\nM:2/4\nL:1/4\nK:D\n"D"AB|"H7"cd|"D"AB|]\n')
    assert {float(sound.onset) for sound in perform(tune).chords} == {0, 0.25, 1, 1.25}


@pytest.mark.parametrize(
    "directive",
    ["gchord zzq9", "gchord", "program 999", "program 1 999", "program flute", "transpose 200",
     "chordprog x", "bassprog 128", "chordvol loud", "bassvol 128", "program 17 3"],
)  # fmt: skip
def test_directives_that_make_no_sense(directive: str) -> None:
    assert warned("ABcd|", f"%%MIDI {directive}\n") == [("header", directive)]
    assert warned("ABcd|", f"I:MIDI = {directive}\n") == [("header", directive)]
    assert warned(f"ABcd|\n%%MIDI {directive}\nABcd|")[0][1] == directive


@pytest.mark.parametrize(
    "directive",
    ["gchord fzczfzcz", "program 73", "program 2 24", "transpose -12", "chordprog 24 octave=1",
     "bassvol 50", "gchordoff", "drumon", "beat 90 80 65 1"],
)  # fmt: skip
def test_directives_that_do(directive: str) -> None:
    assert warned(f"ABcd|\n%%MIDI {directive}\nABcd|", f"%%MIDI {directive}\n") == []


def test_they_do_not_make_the_notes_uncertain() -> None:
    tune = read_tune('X:1\nT:a\nM:2/4\nL:1/4\nK:D\n"H7"AB|[I:MIDI program 999]cd|]\n')
    before = canonical(tune)
    perform(tune)
    perform(tune)
    assert len(tune.warnings) == 2
    assert canonical(tune) == before


def test_a_tempo_that_is_not_understood_is_named() -> None:
    assert played("ABcd|[Q:brisk]ABcd|\nQ:1/4\nABcd|", "Q:1:4=90\n") == [
        ("header", UNKNOWN_TEMPO, "1:4=90"),
        ("line 7, column 6", UNKNOWN_TEMPO, "brisk"),
        ("line 8, column 1", UNKNOWN_TEMPO, "1/4"),
    ]
    assert played("[Q:3/8=90]ABcd|", 'Q:"Lento"\n') == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ABA", []),
        ("ABx2", [(UNKNOWN_ORDER, "ABx2")]),
        ("ABCBAC", [(MISSING_PART, "C")]),
        ("BB", [(UNUSED_PART, "A")]),
        ("CDD", [(UNMARKED_PARTS, "CDD")]),
        ("C", []),
    ],
)
def test_an_order_that_does_not_fit_the_parts(order: str, expected: list[tuple[str, str]]) -> None:
    found = played("P:A\nABcd|\nP:B\ndcBA|", f"P:{order}\n")
    assert found == [("header", *one) for one in expected]


def test_a_text_is_no_order_where_there_are_no_parts() -> None:
    assert played("ABcd|", "P:as danced at home\n") == []
