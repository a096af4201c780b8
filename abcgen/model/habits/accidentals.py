"""Habits of accidentals: whether one comes before a note, or something else, and for which note."""

import numpy as np

from abcgen.model.factors.layout import RESTORES, SIGNS
from abcgen.model.factors.lexing import MOST_FIFTHS
from abcgen.model.factors.plan import LETTERS
from abcgen.model.factors.rows import (
    ACCIDENTALS,
    ALTERS,
    BEATS,
    INFLECTS,
    NEEDS,
    SIGNATURES,
    STARTS,
    STYLES,
)
from abcgen.model.habits.habit import (
    LETTERS_OF_NOTES,
    NONE,
    OCTAVE,
    Habit,
    grouped,
    habit_of,
    known,
    letters_of,
)
from abcgen.model.vocabulary import Vocabulary

_ACCIDENTALS = SIGNS[:ACCIDENTALS]
#: What comes before the letter of a note, and a rest.
_BEFORE_NOTES = ("(", "[", *_ACCIDENTALS, "z")
#: Where the letters from C on are among fifths up from F.
_FIFTHS = np.array([1, 3, 5, 0, 2, 4, 6])
#: What comes behind an accidental beside the letters by fifths: one that does not need it, or would
#: need it twice, by the key; the one that has had an accidental in this bar; another accidental.
_NEEDLESS, _AGAIN, _ANOTHER = range(OCTAVE, OCTAVE + 3)


def habits_of_accidentals(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of accidentals by name."""
    return {
        # By which accidental may be needed, and the beat, what comes before a note or in place of
        # it.
        "starts": _starts(vocabulary),
        # By the accidental that has been written, and whether the chord needs that: how far from
        # the letter that the chord alters, by letters.
        "alters": _alters(vocabulary),
        # By that accidental, and whether there was one in the bar: whether it is for the same
        # letter, or how far from the one that would be the next to have it by the key, by fifths.
        "inflects": _inflects(vocabulary),
    }


def _starts(vocabulary: Vocabulary) -> Habit:
    some = (LETTERS_OF_NOTES, *_BEFORE_NOTES)
    characters, kinds = grouped(vocabulary, some)
    contexts = STYLES * NEEDS * BEATS
    return habit_of(STARTS, characters, contexts, len(some), kinds[None], anything_else=True)


def _alters(vocabulary: Vocabulary) -> Habit:
    notes, letters = letters_of(vocabulary)
    context, altered = np.indices((ACCIDENTALS * 2, LETTERS)).reshape(2, -1, 1)
    numbers = context * OCTAVE + (letters - (altered - 1)) % OCTAVE
    numbers = np.where(altered, numbers, NONE).astype(np.int32)
    return Habit((ACCIDENTALS * 2, OCTAVE), ALTERS, notes, numbers)


def _inflects(vocabulary: Vocabulary) -> Habit:
    notes, letters = letters_of(vocabulary)
    signs = known(vocabulary, "".join(_ACCIDENTALS))
    rows = np.indices((STYLES * ACCIDENTALS, LETTERS, SIGNATURES)).reshape(3, -1, 1)
    which, altered, signature = rows
    sharps = signature - 1 - MOST_FIFTHS
    fifths = _FIFTHS[letters % OCTAVE] - sharps
    by_key = (fifths < 0) | (fifths >= OCTAVE)  # whether a letter has a sharp or a flat
    needless = np.where(which % ACCIDENTALS == RESTORES - 1, ~by_key, by_key)
    choice = np.where(needless, _NEEDLESS, fifths % OCTAVE)
    choice = np.where(letters % OCTAVE == altered - 1, _AGAIN, choice)
    choice = np.hstack([choice, np.full((len(choice), len(signs)), _ANOTHER)])
    shape = STYLES * ACCIDENTALS * 2, _ANOTHER + 1
    numbers = (which * 2 + (altered > 0)) * shape[1] + choice
    numbers = np.where(signature, numbers, NONE)
    characters = np.concatenate([notes, signs])
    return Habit(shape, INFLECTS, characters, numbers.astype(np.int32))
