"""What is chosen in each situation, as habits distinguish it: by the step, not by the letter."""

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import ECHO_TRUST, MIDDLE, SIGNS
from abcgen.model.factors.lexing import KEYS
from abcgen.model.factors.plan import KINDS, STEPS
from abcgen.model.factors.position import LAGS
from abcgen.model.factors.rows import (
    ABOVES,
    ACCIDENTALS,
    BELOWS,
    CLOSENESSES,
    CLOSES,
    CONCORDS,
    DOWNS,
    ECHOINGS,
    ENDINGS,
    ENDS_OF_SECTIONS,
    FEW_ABOVE,
    FEW_BELOW,
    FOLLOWS,
    FORKS,
    GOES_LIKE,
    HEIGHTS,
    HOLDINGS,
    HOLDS,
    JOINS,
    LANDS,
    LASTS,
    LEADS,
    LENGTHS,
    MARKS,
    MOST_AWAY,
    MOVES,
    OCTAVES,
    OPENS,
    PACES,
    PAUSES,
    PLACES,
    RISES,
    ROWS,
    SIGNED,
    SIZES,
    STAGES,
    STEP_ROWS,
    STEPS_AWAY,
    STYLES,
    TURNS,
    UPS,
)
from abcgen.model.habits.accidentals import habits_of_accidentals
from abcgen.model.habits.habit import (
    LETTERS_OF_NOTES,
    MODES_OF_KEYS,
    NONE,
    OCTAVE,
    TONICS,
    Habit,
    group_of_each,
    grouped,
    habit_of,
    known,
    letters_of,
)
from abcgen.model.habits.harmony import habits_of_harmony
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.keys import MODES

#: How much longer than the unit a note becomes: not at all, and what its length is written with.
_LENGTHS = ("2", "3", "4", "5678", "/")
#: Steps that are distinguished to the lowest and the highest note.
_NEAR_END = 8
#: The habit that depends on echoes: whether what is told comes, a note, a length or another
#: character. After those of the lags comes the echo of the bar that the plan names.
ECHOES = "echoes"
CLASSES = 3
SHAPE_OF_ECHOES = ECHOINGS, len(LAGS) + 1, ECHO_TRUST, CLASSES


#: Which step is taken next, by the first row of those situations: by the last two changes of step,
#: by the last three, by the degree of the last note, by its length, by how high it is and the bars
#: left in a section, by the time left to a known note, at the next bar or in the middle of one that
#: ends like another, and where that is, and whether the next bar is a section's last; at the
#: beginning of a bar, by where one ends that will come before it; and, in the last bar of a
#: section, by the time left and where its last note is from here.
STEP_HABITS = dict(
    zip(
        ("moves", "turns", "rises", "paces", "heights", "leads", "joins", "lands"),
        itertools.pairwise((MOVES, TURNS, RISES, PACES, HEIGHTS, LEADS, JOINS, LANDS, STEP_ROWS)),
        strict=True,
    )
)
#: By how far a tune is, whether a change of step follows the last one that has followed it before,
#: or follows the last two so.
RECALLS = "recalls"
#: Whether a bar goes like the one that it is made of: up to so many steps from its notes.
FOLLOWED = "follows"
_NEARLY = 3
_LETTERS = 2 * _NEARLY + 1
#: What may come instead of the letter of a note: an accidental; a tuplet, a chord of notes, a rest.
_OTHERS = "".join(SIGNS[:ACCIDENTALS]), "([z"
_NOTHING = np.empty(0, np.int64), np.empty((0, 0), np.int32)


def habits_of(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return all habits by name."""
    # Which rows say these is told elsewhere; see `abcgen.model.lookup`.
    by_step = {
        name: Habit((end - first, STEPS_AWAY), ROWS, *_NOTHING)
        for name, (first, end) in STEP_HABITS.items()
    }
    return {
        **by_step,
        RECALLS: Habit((STYLES * STAGES, 3), ROWS, *_NOTHING, anything_else=True),
        **_of_ends(vocabulary),
        # By what a bar is, in either half, how far from the note that comes in the bar that it is
        # made of, by steps; by the accidental of that or of the chord, whether one comes, or
        # something else.
        FOLLOWED: _follows(vocabulary),
        # By that of a note of that bar, which octave mark.
        "marks": habit_of(
            *(MARKS, np.arange(len(vocabulary)), OCTAVES, OCTAVES),
            group_of_each(vocabulary, ",'")[None],
            anything_else=True,
        ),
        # By the bars left in a section, where it is repeated, whether an ending begins.
        "forks": habit_of(
            *(FORKS, np.arange(len(vocabulary)), STYLES * ENDINGS, 2),
            group_of_each(vocabulary, "[")[None],
            anything_else=True,
        ),
        **habits_of_harmony(vocabulary),
        **habits_of_accidentals(vocabulary),
        **_of_lengths(vocabulary),
        # By the kind of bar, the lag and the trust in the echo: whether it is followed.
        ECHOES: Habit((math.prod(SHAPE_OF_ECHOES), 2), ROWS, *_NOTHING, anything_else=True),
    }


def _of_ends(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of which note comes, by the notes where a tune or a section ends."""
    notes, places = letters_of(vocabulary)
    near = _nearest()[:, places]  # (STEPS, letters)
    lower, upper = near[FEW_BELOW : FEW_BELOW + BELOWS], near[FEW_ABOVE : FEW_ABOVE + ABOVES]
    ends = np.arange(STEPS)[:, None, None]
    return {
        # By the size of the bar, whether no note of it has come, and the time left in a section,
        # the last one or another: how far from its last note, by letters, or another beginning.
        "closes": _closes(vocabulary),
        # The same in the last bar of another phrase, or of a first ending: on which degree of a
        # major or minor key.
        "pauses": _pauses(vocabulary),
        # By the mode, on which degree a tune begins, in the lower octave or the upper one.
        "opens": _opens(vocabulary),
        # While the lowest note has not come and after, in the first section and later, where it
        # ends and elsewhere: how far from it; and the same of the highest.
        "down": habit_of(
            *(DOWNS, notes, STYLES * 8, _NEAR_END + 2),
            np.clip(lower - ends, -1, _NEAR_END).reshape(-1, len(notes)) + 1,
        ),
        "up": habit_of(
            *(UPS, notes, STYLES * 8, _NEAR_END + 2),
            np.clip(ends - upper, -1, _NEAR_END).reshape(-1, len(notes)) + 1,
        ),
    }


def _of_lengths(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of how long a note is."""
    lengths = group_of_each(vocabulary, _LENGTHS)
    choices, every = 1 + len(_LENGTHS), np.arange(len(vocabulary))
    lasts = STYLES * SIZES * PLACES * LENGTHS * CONCORDS
    holds = STYLES * ENDS_OF_SECTIONS * SIZES * 2 * HOLDINGS * 2
    return {
        # By the size of the bar, the place in it, the length of the note before, and whether it is
        # of the chord.
        "lasts": habit_of(LASTS, every, lasts, choices, lengths[None], anything_else=True),
        # By the size of the bar, whether it is the first there, the time left in a section, and
        # whether it may be the last.
        "holds": habit_of(HOLDS, every, holds, choices, lengths[None], anything_else=True),
    }


def classes_of(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Return 1 for the characters of notes, 2 for those of lengths, 3 for others, (V,)."""
    classes = np.full(len(vocabulary), CLASSES, np.int32)
    classes[known(vocabulary, LETTERS_OF_NOTES)] = 1
    classes[known(vocabulary, "".join(_LENGTHS))] = 2
    return classes


def _follows(vocabulary: Vocabulary) -> Habit:
    notes, places = letters_of(vocabulary)
    others, kinds = grouped(vocabulary, _OTHERS)
    away = np.clip(_nearest()[:, places] - np.arange(STEPS)[:, None], -_NEARLY, _NEARLY)
    chosen = np.hstack([away + _NEARLY, np.tile(_LETTERS + kinds, (STEPS, 1))])
    characters = np.concatenate([notes, others])
    return habit_of(FOLLOWS, characters, KINDS * 2 * SIGNED, _LETTERS + len(_OTHERS), chosen)


def _nearest() -> NDArray[np.int64]:
    """Return for each step the nearest one to it that each letter can become, (STEPS, letters).

    Notes below C and above b are written with octave marks, which come behind the letter.
    """
    step = np.arange(STEPS)[:, None]
    plain = MIDDLE + np.arange(len(LETTERS_OF_NOTES))[None]
    other = np.where(plain < MIDDLE + OCTAVE, plain - OCTAVE, plain + OCTAVE)
    return np.where((abs(other - step) < abs(plain - step)) & (step > 0), other, plain)


def away_of(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Return from each step how many up a character is, by number, (STEPS, V); -1 for none."""
    away = np.full((STEPS, len(vocabulary)), NONE, np.int32)
    notes, places = letters_of(vocabulary)
    up = _nearest()[:, places] - np.arange(STEPS)[:, None]
    away[:, notes] = np.clip(up, -MOST_AWAY, MOST_AWAY) + MOST_AWAY
    return away


def _closes(vocabulary: Vocabulary) -> Habit:
    characters, chosen = _ends_on(vocabulary)
    contexts = STYLES * ENDS_OF_SECTIONS * SIZES * 2 * CLOSENESSES
    return habit_of(CLOSES, characters, contexts, OCTAVE + len(_OTHERS), chosen)


def _pauses(vocabulary: Vocabulary) -> Habit:
    characters, chosen = _ends_on(vocabulary)
    contexts, choices = STYLES * SIZES * CLOSENESSES * 2, OCTAVE + len(_OTHERS)
    return habit_of(PAUSES, characters, contexts, choices, chosen)


def _ends_on(vocabulary: Vocabulary) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what a note may begin with, and what each chooses for each letter as a goal.

    Letters choose how far they are above it; others, what they are. If others did not count, they
    would come wherever the network would rather not have that goal.
    """
    notes, places = letters_of(vocabulary)
    others, kinds = grouped(vocabulary, _OTHERS)
    away = (places - np.arange(OCTAVE)[:, None]) % OCTAVE
    chosen = np.hstack([away, np.tile(OCTAVE + kinds, (OCTAVE, 1))])
    return np.concatenate([notes, others]), chosen


def _opens(vocabulary: Vocabulary) -> Habit:
    notes, places = letters_of(vocabulary)
    style, key = np.indices((STYLES, KEYS)).reshape(2, -1, 1)
    mode, tonic = MODES_OF_KEYS[key], TONICS[key]
    choice = (places - tonic) % OCTAVE * 2 + places // OCTAVE
    numbers = (style * len(MODES) + mode) * 2 * OCTAVE + choice
    numbers = np.where(key, numbers, NONE).astype(np.int32)
    return Habit((STYLES * len(MODES), 2 * OCTAVE), OPENS, notes, numbers)


def goes_like() -> NDArray[np.bool_]:
    """Return which contexts of `ECHOES` are of bars that go like others, and hear one echo."""
    kinds = np.arange(ECHOINGS) // (ECHOINGS // KINDS)
    return np.repeat(np.isin(kinds, GOES_LIKE), math.prod(SHAPE_OF_ECHOES[1:]))


def echoed(
    classes: NDArray[np.int32],
    kind: NDArray[np.int32],
    echoes: tuple[NDArray[np.int32], NDArray[np.int32]],
    came: NDArray[np.integer],
) -> NDArray[np.float64]:
    """Return how often something else came than an echo told, and how often that did.

    Parameters
    ----------
    classes : int32 array, shape (V,)
        As `classes_of` returns them.
    kind : int32 array, shape (n,)
        The column `ECHOING` of the situations before some characters.
    echoes : tuple of two int32 arrays, shape (n, len(LAGS) + 1)
        What was told, and how much that was trusted: see `Layout.all_told`.
    came : int array, shape (n,)
        The characters that came. Beside a note that is told, only notes are counted. What is
        neither a note nor a length counts only where the bar that the plan names tells it, and in
        bars that go like others nothing but that bar counts.

    Returns
    -------
    float64 array, shape (contexts, 2)
        As the habit `ECHOES` has them.
    """
    heard = kind > 0
    kind, came = kind[heard] - 1, came[heard]
    goes_like = np.isin(kind // (ECHOINGS // KINDS), GOES_LIKE)
    counts = np.zeros((*SHAPE_OF_ECHOES, 2))
    for lag, (told, trust) in enumerate(zip(*(part[heard].T for part in echoes), strict=True)):
        which = np.where(told > 0, classes[told - 1], 0)
        follows = (told - 1 == came).astype(np.int64)
        there = (which == 2) | ((which == 1) & (classes[came] == 1))
        if lag == len(LAGS):
            there |= which == CLASSES
        else:
            there &= ~goes_like
        at = (kind, np.full_like(kind, lag), trust, which - 1, follows)
        np.add.at(counts, tuple(part[there] for part in at), 1)
    return counts.reshape(-1, 2)
