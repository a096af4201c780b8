"""Which voices a tune has, and which lines belong to which."""

import pytest

from abcgen.errors import NotationError
from abcgen.grammar.spelling import canonical
from abcgen.notation.form import read_sections
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.voices import Voice, name_of, parted

HEAD = "X:1\nT:A\nM:4/4\nL:1/4\n"
TWO = f'{HEAD}V:S name="High Song"\nV:B nm=Low\nK:C\nV:S\nCDEF|\nV:B\nC,4|\nV:S\nG4|\nV:B\nG,4|\n'


def bodies(text: str, voice: str | None = None) -> list[str]:
    """Return the body of each voice, the melody first."""
    tune = read_tune(text, voice)
    return [one.body.replace("\n", " ") for one in (tune, *tune.others)]


def test_voices_have_names_and_titles() -> None:
    tune = read_tune(TWO)
    assert [one.voice for one in (tune, *tune.others)] == [
        Voice("S", "High Song"),
        Voice("B", "Low"),
    ]
    assert [str(Voice("1")), str(Voice("1", "Low"))] == ["1", "1 (Low)"]
    assert [name_of(value) for value in ("T1  clef=bass", "", "1\tname=x")] == ["T1", "1", "1"]


@pytest.mark.parametrize("wanted", ["B", "b", "Low", "LOW", " low ", "2"])
def test_a_voice_is_chosen_by_name_title_or_number(wanted: str) -> None:
    assert bodies(TWO, wanted) == ["C,4| G,4|", "CDEF| G4|"]


def test_a_number_is_first_a_name() -> None:
    text = f"{HEAD}K:C\nV:2\nC4|\nV:1\nD4|\n"
    assert bodies(text, "1") == ["D4|", "C4|"]
    assert bodies(text, "2") == ["C4|", "D4|"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TWO, "it has no voice '3'; it has 2 voices: S (High Song), B (Low)"),
        (f"{HEAD}K:C\nC4|\n", "it has no voice '3'; it has one voice, 1"),
    ],
)
def test_an_unknown_voice_is_told_with_those_that_there_are(text: str, message: str) -> None:
    with pytest.raises(NotationError) as raised:
        read_tune(text, "3")
    assert str(raised.value) == message


def test_a_voice_that_was_chosen_has_a_canonical_spelling() -> None:
    with pytest.raises(NotationError, match="of several voices only the first is read: S"):
        canonical(read_tune(TWO))
    assert canonical(read_tune(TWO, "S")).endswith("K:C\nC2D2E2F2|G8|]\n")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("V:1\nC4|\nV:2\nD4|", (8, 1)),
        ("[V:1]C4|[V:2]D4|", (6, 9)),
        ("C4|\n  [V:2] D4|", (7, 3)),
        ("V:2\nD4|\nV:1\nC4|", (8, 1)),
    ],
)
def test_the_warning_is_where_the_second_voice_begins(body: str, place: tuple[int, int]) -> None:
    (warned,) = read_tune(f"{HEAD}K:C\n{body}\n").warnings
    assert (warned.line, warned.column) == place
    assert warned.heard


def test_fields_before_the_first_voice_hold_for_all() -> None:
    assert bodies(f"{HEAD}K:C\nK:G\nV:1\nC4|\nV:2\nM:3/4\nD3|\nV:1\nK:F\nE4|\n") == [
        "K:G C4| K:F E4|",
        "K:G M:3/4 D3|",
    ]
    # Not so behind music that is before the first V:.
    assert bodies(f"{HEAD}K:C\nC4|\nK:G\nD4|\nV:2\nE4|\nF4|\n") == ["C4| K:G D4|", "E4| F4|"]


def test_tempos_and_parts_of_any_voice_are_the_melodys() -> None:
    text = f"{HEAD}K:C\n[V:1]C4|\nV:2\nQ:1/4=60\nP:B\nD4|\nV:1\nE4|\n"
    assert bodies(text) == ["C4| [Q:1/4=60] [P:B] E4|", "[Q:1/4=60] [P:B] D4|"]
    assert bodies(text, "2") == ["[Q:1/4=60] [P:B] D4|", "C4| E4|"]


def test_directives_of_a_voice_are_its_own() -> None:
    head = f"{HEAD}%%MIDI transpose 1\nV:1\n%%MIDI program 5\nV:2\n%%MIDI program 6\nK:C\n"
    tune = read_tune(f"{head}V:1\nC4|\nV:2\n%%MIDI program 7\nD4|\n")
    assert tune.directives == ("transpose 1", "program 5")
    assert tune.others[0].directives == ("transpose 1", "program 6")
    assert tune.others[0].body == "[I:MIDI program 7]\nD4|"


def test_octaves_of_each_voice() -> None:
    head = f"{HEAD}V:1\nV:2 clef=bass-8\nK:C\n"

    def octaves(tune: Tune) -> list[int]:
        return [read_sections(one)[0].bars[0].setting.octave for one in (tune, *tune.others)]

    assert octaves(read_tune(f"{head}V:1\nC4|\nV:2\nD4|\n")) == [0, -1]
    assert octaves(read_tune(f"{head}[V:1 octave=1]C4|[V:2]D4|\n")) == [1, -1]


def test_warnings_of_all_voices_are_together() -> None:
    tune = read_tune(f"{HEAD}K:C\nV:1\nC4|\nV:2\nD4;|\n")
    (other,) = tune.others
    read_sections(other)
    assert [(warned.line, warned.column) for warned in tune.warnings] == [(8, 1), (9, 3)]


def test_a_line_is_parted_at_its_voices() -> None:
    assert list(parted("CD|[V:1] E|[V:]F|")) == [("", "CD|", 0), ("1", "E|", 8), ("1", "F|", 15)]
