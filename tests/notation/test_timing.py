"""How long what stands in a bar lasts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.notation.form import read_sections
from abcgen.notation.timing import Event, bar_events
from abcgen.notation.tune import read_tune

F = Fraction


def events(body: str, meter: str = "4/4") -> list[Event]:
    """Return the events of the first bar."""
    tune = read_tune(f"X:1\nM:{meter}\nL:1/8\nK:C\n{body}\n")
    return list(bar_events(read_sections(tune)[0].bars[0]))


def lengths(body: str, meter: str = "4/4") -> list[Fraction]:
    return [event.length for event in events(body, meter)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "C2 C/ C// C3/2 C/4 C", [2, F(1, 2), F(1, 4), F(3, 2), F(1, 4), 1], id="lengths"
        ),
        pytest.param("A>B", [F(3, 2), F(1, 2)], id="dotted"),
        pytest.param("A<B", [F(1, 2), F(3, 2)], id="snap"),
        pytest.param("A>>B", [F(7, 4), F(1, 4)], id="double dotted"),
        pytest.param("A2>B2", [3, 1], id="dotted quarters"),
        pytest.param("A>B<c", [F(3, 2), F(1, 4), F(3, 2)], id="one after the other"),
        pytest.param("(3ABc", [F(2, 3)] * 3, id="triplet"),
        pytest.param("(3ABcd", [F(2, 3)] * 3 + [1], id="a triplet has three notes"),
        pytest.param("(3A2Bc", [F(4, 3), F(2, 3), F(2, 3)], id="mixed triplet"),
        pytest.param("(3:2:2A2Bc", [F(4, 3), F(2, 3), 1], id="long form"),
        pytest.param("(2AB", [F(3, 2)] * 2, id="duplet"),
        pytest.param("(4ABcd", [F(3, 4)] * 4, id="quadruplet"),
        pytest.param("(5ABcde", [F(2, 5)] * 5, id="quintuplet"),
        pytest.param("(3A>Bc", [1, F(1, 3), F(2, 3)], id="dotted in a triplet"),
        pytest.param("z2 Cz/", [2, 1, F(1, 2)], id="rests"),
        pytest.param("[C2E4]2 [CE]/", [4, F(1, 2)], id="groups last as long as their first note"),
    ],
)
def test_lengths(body: str, expected: list[Fraction]) -> None:
    assert lengths(body) == expected


def test_a_quintuplet_takes_three_in_compound_metres() -> None:
    assert lengths("(5ABcde", meter="6/8") == [F(3, 5)] * 5


def test_what_an_event_holds() -> None:
    chord, note, group, rest, bars = events('"Am"A>[c2-e2-]z Z3')
    assert (chord.chord, chord.length, chord.pitches) == ("Am", 0, ())
    assert (note.length, note.written, note.chord) == (F(3, 2), 1, None)
    assert (group.length, group.written) == (1, 2)
    assert [(str(pitch), length, tied) for pitch, length, tied in group.pitches] == [
        ("c", 1, True), ("e", 1, True),
    ]  # fmt: skip
    assert (rest.length, rest.pitches) == (1, ())
    assert (bars.length, bars.rest_bars) == (0, 3)


@given(st.lists(st.sampled_from(["A", "B2", "c/", "(3def", "e>f", "z3/2", "[ce]"]), min_size=1))
def test_a_tie_changes_no_length(pieces: list[str]) -> None:
    assert lengths("".join(pieces) + "A-") == [*lengths("".join(pieces)), 1]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Z65", "out of range"),
        ("Z0", "out of range"),
        ("A513", "out of range"),
    ],
)
def test_what_has_no_length(body: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason):
        events(body)
