"""Parts of bars: filled exactly, without dead ends, and followed by what is due."""

import random

import pytest

from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING, Alphabet
from abcgen.grammar.bar.rules import Exit
from abcgen.grammar.parts import Part, begin_part, may_begin_part

HEADER = "X:1\nT:A\nM:{}\nL:1/8\nK:D\n"


def after(text: str, place: Place | None = None, alphabet: Alphabet = EVERYTHING) -> Place:
    place = place or begin_tune(alphabet)
    for character in text:
        assert character in place.allowed(), (text, character)
        place = place.after(character)
    return place


@pytest.mark.parametrize("seed", range(60))
def test_walks_through_a_bar_cut_in_parts(seed: int) -> None:
    """Whatever is drawn, the parts are filled, symbols are let in, and the bar is canonical."""
    draw = random.Random(seed)
    meter, full, cuts = draw.choice(
        [("4/4", 32, (24, 16, 8)), ("6/8", 24, (12,)), ("3/4", 24, (4,)), ("2/4", 16, (12, 4))]
    )
    text = HEADER.format(meter) + '"D"'
    place = after(text)
    assert full > max(cuts)
    for until in (*cuts, 0):
        part = Part(until, '"' if until else "|", tied=bool(until))
        place, drawn = begin_part(place, part), ""
        while drawn[-1:] != part.end:
            drawn += draw.choice(place.allowed())
            if drawn[-1] == "|":
                break
            place = place.after(drawn[-1])
            assert len(drawn) < 200
        text += drawn
        if until:
            place = after('G"', place)
            text += 'G"'
    assert text.count('"') == 2 * (len(cuts) + 1)
    whole = after(text)  # by the ordinary rules, too
    assert whole.form is not None
    assert (whole.form.bars, whole.form.missing) == (1, 0)


def test_what_may_follow_where_a_chord_is_due() -> None:
    place = begin_part(after(HEADER.format("4/4") + '"D"'), Part(16, '"', tied=True))
    filled = after("d2d2", place)
    assert sorted(filled.allowed()) == [" ", '"', "-"]
    assert after(" ", filled).allowed() == '"'
    assert sorted(after("-", filled).allowed()) == [" ", '"']
    behind = begin_part(after('"A"', after("-", filled)), Part(0, "|"))
    assert behind.allowed() == "d"
    # Without a space among the characters of a network none is let in.
    bare = Alphabet.of(EVERYTHING.characters - {" "})
    place = begin_part(after(HEADER.format("4/4") + '"D"', None, bare), Part(16, '"', tied=True))
    assert sorted(after("d2d2", place).allowed()) == ['"', "-"]


def test_what_may_follow_at_the_end_of_a_bar() -> None:
    place = after(HEADER.format("4/4") + '|:"D"')
    for part, end in ((Part(0, "|", tied=True), "-|"), (Part(0, "|"), "|"), (Part(0, ":"), ":")):
        filled = after("d8", begin_part(place, part))
        assert "".join(sorted(filled.allowed())) == end
        assert isinstance(filled.local.after(end[-1]), Exit)


def test_where_a_part_may_begin() -> None:
    bar = after(HEADER.format("4/4"))
    assert may_begin_part(bar)
    assert may_begin_part(after('"D"', bar))
    assert not may_begin_part(after("d", bar))
    assert not may_begin_part(after("d8|d8|d8|d8|", bar))  # the line has to end
