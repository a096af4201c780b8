"""Habits of harmony: which chord comes, what it is written with, and which notes come over it."""

import numpy as np

from abcgen.model.factors.lexing import KEYS
from abcgen.model.factors.plan import KINDS, LETTERS
from abcgen.model.factors.rows import (
    BEATS,
    CADENCES,
    CHORDS,
    COVERS,
    DUES,
    ENDS_OF_SECTIONS,
    FITS,
    LIKE,
    MOST_CHORDS,
    OF_CHORD,
    QUALITIES,
    RELATIONS,
    RENEWALS,
    RENEWS,
    ROOTS,
    SETS_OF_LETTERS,
    SORTS,
    STYLES,
    TONES,
)
from abcgen.model.habits.habit import (
    LETTERS_OF_NOTES,
    MODES_OF_KEYS,
    NONE,
    OCTAVE,
    TONICS,
    Habit,
    grouped,
    habit_of,
    known,
    letters_of,
)
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.keys import MODES

#: What a note may begin with; of these, a chord symbol is the one that is asked about.
_BEGINNINGS = '"CDEFGABcdefgabz^_=(~{'
#: How a chord symbol goes on behind the letter of its root: it ends, or with one of these.
_QUALITIES = ('"', "m", "7", "#b")
#: Letters that a chord has not that are distinguished.
_MOST_OTHERS = 4


def habits_of_harmony(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of chords, and of the notes over them, by name."""
    return {
        # By how the chord relates to the key, whether it is a seventh, what the bar is made of, the
        # beat, and whether the chord is new, which note of it, by letters above its root.
        "tones": _tones(vocabulary),
        # By the cadence so far, the beat and the chords of the bar, whether a chord comes.
        "chords": _chords(vocabulary),
        # By the degree of the last chord and whether it is in this bar, that of the next one.
        "roots": _roots(vocabulary),
        # By how far a cadence is: how far from the chord that is due, by letters.
        "dues": _dues(vocabulary),
        # By what the bar is made of, in either half: how far above a chord the note is that it will
        # be heard with, by letters.
        "fits": _fits(vocabulary),
        # By the same, how many letters of the next half bar it has, and how many it has not.
        "covers": _covers(vocabulary),
        # By the same and how the last chord goes with these, whether a chord comes.
        "renews": _renews(vocabulary),
        # By whether the bar goes like another, the mode, the degree of its root and whether that
        # has a sign, what else a chord is written with.
        "qualities": _qualities(vocabulary),
    }


def _tones(vocabulary: Vocabulary) -> Habit:
    notes, letters = letters_of(vocabulary)
    # Of each row: whether there are chords, what the bar is made of, how the last chord relates to
    # the key, whether it is a seventh, whether it is new, the beat, and its root.
    places = np.indices((STYLES, SORTS, RELATIONS, 2, 2, BEATS, LETTERS)).reshape(7, -1, 1)
    _, sort, relation, seventh, fresh, beat, root = places
    # At the beginning of a bar and in its middle alike.
    context = ((relation * 2 + seventh) * SORTS + sort) * BEATS
    context += np.where(fresh, 0, np.maximum(beat, 1))
    numbers = context * OCTAVE + (letters - (root - 1)) % OCTAVE
    numbers = np.where(root, numbers, NONE).astype(np.int32)
    return Habit((RELATIONS * 2 * SORTS * BEATS, OCTAVE), TONES, notes, numbers)


def _chords(vocabulary: Vocabulary) -> Habit:
    return _whether_a_chord_comes(vocabulary, CHORDS, CADENCES * BEATS * MOST_CHORDS)


def _renews(vocabulary: Vocabulary) -> Habit:
    return _whether_a_chord_comes(vocabulary, RENEWS, KINDS * 2 * RENEWALS)


def _whether_a_chord_comes(vocabulary: Vocabulary, first: int, contexts: int) -> Habit:
    starts = known(vocabulary, _BEGINNINGS)
    chosen = (starts == vocabulary.char2idx.get('"')).astype(np.int64)
    return habit_of(first, starts, contexts, 2, chosen[None], anything_else=True)


def _dues(vocabulary: Vocabulary) -> Habit:
    roots, letters = letters_of(vocabulary, LETTERS_OF_NOTES[:OCTAVE])
    contexts = ENDS_OF_SECTIONS * 2 * 2
    return habit_of(DUES, roots, contexts, OCTAVE, (letters - np.arange(OCTAVE)[:, None]) % OCTAVE)


def _fits(vocabulary: Vocabulary) -> Habit:
    roots, letters = letters_of(vocabulary, LETTERS_OF_NOTES[:OCTAVE])
    return habit_of(FITS, roots, KINDS * 2, OCTAVE, (np.arange(OCTAVE)[:, None] - letters) % OCTAVE)


def _covers(vocabulary: Vocabulary) -> Habit:
    roots, letters = letters_of(vocabulary, LETTERS_OF_NOTES[:OCTAVE])
    sets = np.arange(SETS_OF_LETTERS)[:, None]
    of_chord = sum(sets >> (letters + above) % OCTAVE & 1 for above in OF_CHORD)
    others = sum(sets >> letter & 1 for letter in range(OCTAVE)) - of_chord
    chosen = of_chord * _MOST_OTHERS + np.minimum(others, _MOST_OTHERS - 1)
    choices = (1 + len(OF_CHORD)) * _MOST_OTHERS
    return habit_of(COVERS, roots, KINDS * 2, choices, chosen)


def _roots(vocabulary: Vocabulary) -> Habit:
    roots, letters = letters_of(vocabulary, LETTERS_OF_NOTES[:OCTAVE])
    key, root, first = np.indices((KEYS, LETTERS, 2)).reshape(3, -1, 1)
    tonic = TONICS[key]
    before = np.where(root, 1 + (root - 1 - tonic) % OCTAVE, 0)
    numbers = (before * 2 + first) * OCTAVE + (letters - tonic) % OCTAVE
    numbers = np.where(key, numbers, NONE).astype(np.int32)
    return Habit((LETTERS * 2, OCTAVE), ROOTS, roots, numbers)


def _qualities(vocabulary: Vocabulary) -> Habit:
    characters, kinds = grouped(vocabulary, _QUALITIES)
    like, key, root, signed = np.indices((LIKE, KEYS, LETTERS, 2)).reshape(4, -1, 1)
    mode, tonic = MODES_OF_KEYS[key], TONICS[key]
    degree = np.where(root, 1 + (root - 1 - tonic) % OCTAVE, 0)
    context = ((like * len(MODES) + mode) * LETTERS + degree) * 2 + signed
    numbers = np.where(key, context * len(_QUALITIES) + kinds, NONE).astype(np.int32)
    shape = LIKE * len(MODES) * LETTERS * 2, len(_QUALITIES)
    return Habit(shape, QUALITIES, characters, numbers, anything_else=True)
