"""Walks through the acceptor: tunes of characters drawn blindly among those that may follow."""

import random
from typing import NamedTuple

from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import BY_EDITION, EVERYTHING, Alphabet
from abcgen.grammar.closing import shortest
from abcgen.grammar.header import CHORD_METERS, KEYS, METERS, NEW_METERS
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.notation.rhythms import HORNPIPE, HORNPIPE_METERS, RHYTHMS

#: What gives a tune its form, and would come up too seldom by itself.
MARKS = "|:[1K"
#: What makes a difference in music: with few of these and no others, not all can be written.
MUSIC = "/23456789[]()\"-<>z',^_= :CDcKAm"
#: The editions of the spelling.
EDITIONS = sorted(BY_EDITION)
#: What would end a tune too soon, where it may.
_ENDS = "\n]"


class Walk(NamedTuple):
    """A canonical tune with its blank line, and the places before and after each character."""

    text: str
    places: list[Place]

    def __repr__(self) -> str:
        """Return the text: places are long to read."""
        return f"walk to {self.text!r}"


def walk(
    draw: random.Random,
    length: int = 300,
    wishes: Wishes = ANYTHING,
    alphabet: Alphabet = EVERYTHING,
) -> Walk:
    """Walk to the end of a tune; from `length` characters on, by the shortest way."""
    places = [begin_tune(alphabet, wishes)]
    text = ""
    while allowed := places[-1].allowed():
        character = choose(draw, places[-1], allowed) if len(text) < length else ""
        character = character or shortest(places[-1])
        text += character
        places.append(places[-1].after(character))
    return Walk(text, places)


def choose(draw: random.Random, place: Place, allowed: str) -> str:
    """Draw a character; return an empty string where none but an end may follow."""
    if place.form is None:
        # Else all titles would be long.
        return "\n" if "\n" in allowed and draw.random() < 0.15 else draw.choice(allowed)
    may_be_ending = getattr(place.local, "may_be_ending", False)
    at_start = "1" if may_be_ending else getattr(place.local, "marks", "")
    left_out = _ENDS if place.may_end else "]" if at_start else ""
    going_on = [character for character in allowed if character not in left_out]
    marks = [character for character in going_on if character in MARKS]
    forks = at_start in ("1", "[", "[:")
    if marks and draw.random() < (0.6 if forks else 0.2):
        return draw.choice(marks)
    return draw.choice(going_on) if going_on else ""


def some_alphabet(draw: random.Random) -> Alphabet:
    """Return an alphabet in which a tune can be written, of few characters or of nearly all."""
    needed = set("X:1\nTMLK|]/8C")  # C is a key, a metre and a note
    others = sorted(set(draw.choice([EVERYTHING.characters, MUSIC])) - needed)
    characters = frozenset(needed.union(draw.sample(others, draw.randint(0, len(others)))))
    return Alphabet.of(characters, edition=draw.choice(EDITIONS))


def tame_alphabet(draw: random.Random) -> Alphabet:
    """Return one that mostly lacks octave marks and accidentals: with them, notes go anywhere."""
    left_out = {character for character in "',^_" if draw.random() < 0.7}
    return Alphabet.of(EVERYTHING.characters - left_out, edition=draw.choice(EDITIONS))


def some_form(draw: random.Random, most: int = 8) -> tuple[int, ...]:
    """Return the bars of one to four sections."""
    return tuple(draw.randint(1, most) for _ in range(draw.randint(1, 4)))


def some_wishes(draw: random.Random) -> Wishes:
    """Return wishes that go together; of each kind, every other time none."""
    rhythm = draw.choice(["", draw.choice([HORNPIPE, *RHYTHMS])])
    chords = draw.choice([None, None, True, False])
    metres = METERS.keys() - NEW_METERS  # which each edition has
    if rhythm == HORNPIPE:
        metres &= HORNPIPE_METERS
    if chords:
        metres &= CHORD_METERS
    return Wishes(
        key=draw.choice(["", draw.choice(KEYS)]),
        meter=draw.choice(["", draw.choice(sorted(metres))]),
        rhythm=rhythm,
        title=draw.choice(["", "Made Up No. 1"]),
        form=draw.choice([(), some_form(draw)]),
        chords=chords,
    )


def any_walk(seed: int, length: int) -> Walk:
    """Walk with all characters or with some of them, with and without wishes."""
    draw = random.Random(seed)
    if draw.random() < 0.5:
        return walk(draw, length, some_wishes(draw), BY_EDITION[draw.choice(EDITIONS)])
    form = draw.choice([(), some_form(draw)])
    return walk(draw, length, Wishes(form=form), draw.choice([some_alphabet, tame_alphabet])(draw))
