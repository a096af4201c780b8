import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.bar import (
    Accidental,
    AfterChordSymbol,
    AfterGroup,
    Broken,
    ChordSymbol,
    Group,
    GroupAccidental,
    InBar,
    Note,
    Rest,
    Space,
    Start,
    Tied,
    Tuplet,
    TupletNumber,
)
from abcgen.grammar.bar.rules import Exit
from abcgen.grammar.faults import find_fault
from abcgen.grammar.reasons.bar import in_bar
from tests.walks import any_walk

HEADER = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"
PHASES = {
    "": Start,
    "c ": Space,
    '"A': ChordSymbol,
    '"A"': AfterChordSymbol,
    "(": Tuplet,
    "(3": TupletNumber,
    "^": Accidental,
    "c": Note,
    "z": Rest,
    "[": Group,
    "[c": Group,
    "[^": GroupAccidental,
    "[ce]": AfterGroup,
    "c-": Tied,
    "c>": Broken,
}


def place_after(music: str) -> Place:
    place, fault = find_fault(HEADER + music, begin_tune(EVERYTHING))
    assert fault is None
    return place


def after(music: str) -> InBar:
    local = place_after(music).local
    assert isinstance(local, InBar)
    return local


def in_bars(seed: int, length: int) -> list[InBar]:
    return [p.local for p in any_walk(seed, length).places if isinstance(p.local, InBar)]


walked = st.builds(in_bars, st.integers(0, 10**6), st.integers(60, 400)).filter(bool)


@pytest.mark.parametrize("music", PHASES)
def test_phases(music: str) -> None:
    assert type(after(music)) is PHASES[music]


def test_places_in_two_phases_are_never_equal() -> None:
    context = after("c ").context
    places = [
        phase(context)
        for phase in (Start, Space, ChordSymbol, AfterChordSymbol, Tuplet, Rest, Tied)
    ]
    assert len(set(places)) == len(places)
    assert Note(context, "c") != Accidental(context, "c")


@settings(max_examples=40)
@given(walked)
def test_letters_can_be_replaced_and_put_back(places: list[InBar]) -> None:
    for place in places:
        alike = place.of_any_letter()
        assert alike.of_any_letter() == alike
        assert sorted(alike.allowed()) == sorted(place.allowed())
        assert len(alike.letters_read()) == len(place.letters_read())
        assert alike.with_letters(place.letters_read()) == place


@settings(max_examples=40)
@given(walked, st.integers(0, 10**6))
def test_letters_lead_to_places_alike(places: list[InBar], seed: int) -> None:
    for place in random.Random(seed).sample(places, min(len(places), 20)):
        for octave in (str.islower, str.isupper):
            letters = [c for c in place.allowed() if octave(c) and place.reads_letter(c)]
            following = {place.after(letter).of_any_letter() for letter in letters}
            assert len(following) <= 1


@settings(max_examples=40)
@given(walked)
def test_no_bar_gets_longer_than_it_may(places: list[InBar]) -> None:
    for place in places:
        context = place.context
        assert context.rules.least <= context.left <= context.rules.size
        for character in place.allowed():
            following = place.after(character)
            if isinstance(following, Exit) and following.after_music:
                assert character in context.rules.lines[following.missing]


def test_a_tuplet_counts_its_notes() -> None:
    for music, notes in (("(3", 3), ("(3c", 3), ("(3cd", 2), ("(3c2d2e2", 1), ("(3cdef", 0)):
        assert after(music).context.notes == notes
    # The tuplet is paid for by its first note: three eighths in the time of two.
    assert after("").context.left - after("(3cd").context.left == 8


@pytest.mark.parametrize("music", PHASES)
def test_every_phase_says_what_is_wrong(music: str) -> None:
    place = place_after(music)
    assert place.form is not None
    allowed = place.allowed()
    for character in sorted(EVERYTHING.characters - set(allowed)):
        found = in_bar(place.form, after(music), place.width, character)
        assert found.kind and found.words + found.more_than
