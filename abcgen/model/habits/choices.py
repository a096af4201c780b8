"""What is chosen in each situation, as habits distinguish it: by the step, not by the letter."""

import itertools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import ECHO_TRUST, MIDDLE
from abcgen.model.factors.lexing import KEYS
from abcgen.model.factors.plan import KINDS, LETTERS, STEPS
from abcgen.model.factors.position import LAGS
from abcgen.model.factors.rows import (
    ABOVES,
    BEATS,
    BELOWS,
    CADENCES,
    CHORDS,
    CLOSENESSES,
    CLOSES,
    CONCORDS,
    DOWNS,
    DUES,
    ECHOINGS,
    ENDS_OF_SECTIONS,
    FEW_ABOVE,
    FEW_BELOW,
    FITS,
    GOES_LIKE,
    HEIGHTS,
    HOLDINGS,
    HOLDS,
    LANDS,
    LASTS,
    LEADS,
    LENGTHS,
    MOST_AWAY,
    MOST_CHORDS,
    MOVES,
    OPENS,
    PACES,
    PLACES,
    QUALITIES,
    RELATIONS,
    RISES,
    ROOTS,
    ROWS,
    SIZES,
    SORTS,
    STAGES,
    STEP_ROWS,
    STEPS_AWAY,
    STYLES,
    TONES,
    TURNS,
    UPS,
)
from abcgen.model.factors.situations import tonic_of
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.keys import MODES

_LETTERS = "CDEFGABcdefgab"
_OCTAVE = 7
#: What a note may begin with; of these, a chord symbol is the one that is asked about.
_STARTS = '"CDEFGABcdefgabz^_=(~{'
#: What comes before the letter of a note, and a rest.
_BEFORE_NOTES = ("(", "[", "^_=", "z")
#: How a chord symbol goes on behind the letter of its root: it ends, or with one of these.
_QUALITIES = ('"', "m", "7", "#b")
#: How much longer than the unit a note becomes: not at all, and what its length is written with.
_LENGTHS = ("2", "3", "4", "5678", "/")
#: Steps that are distinguished to the lowest and the highest note.
_NEAR_END = 8
_NONE = -1
#: Of each row from `TONES` on: whether there are chords, what the bar is made of, whether the last
#: chord is not of the key, whether an accidental has been written, whether the chord is new, the
#: beat, and its root.
_PLACES = np.indices((STYLES, SORTS, RELATIONS, 2, 2, BEATS, LETTERS)).reshape(7, -1, 1)
#: The habit that depends on echoes: whether what is told comes, a note, a length or another
#: character. After those of the lags comes the echo of the bar that the plan names.
ECHOES = "echoes"
CLASSES = 3
SHAPE_OF_ECHOES = ECHOINGS, len(LAGS) + 1, ECHO_TRUST, CLASSES


class Habit(NamedTuple):
    """Something that is chosen, in a number of contexts, among a number of choices.

    Attributes
    ----------
    shape : tuple of int
        Contexts and choices.
    first : int
        The first row of the situations in which it is chosen.
    characters : int array, shape (n,)
        The characters that choose.
    numbers : int32 array, shape (rows, n)
        For each of these rows, what each character chooses: a context's first choice, and so on
        through all contexts; -1 for nothing.
    anything_else : bool
        Whether the first choice of each context is anything else, which is left as it is.
    """

    shape: tuple[int, int]
    first: int
    characters: NDArray[np.int64]
    numbers: NDArray[np.int32]
    anything_else: bool = False


#: Which step is taken next, by the first row of those situations: by the last two changes of step,
#: by the last three, by the degree of the last note, by its length, by how high it is and the bars
#: left in a section, by the time left in a bar and where the next one begins, and, in the last bar
#: of a section, by the time left and where its last note is from here.
STEP_HABITS = dict(
    zip(
        ("moves", "turns", "rises", "paces", "heights", "leads", "lands"),
        itertools.pairwise((MOVES, TURNS, RISES, PACES, HEIGHTS, LEADS, LANDS, STEP_ROWS)),
        strict=True,
    )
)
#: By how far a tune is, whether a change of step follows the last one that has followed it before,
#: or follows the last two so.
RECALLS = "recalls"
#: Of each key by number, the letter of the tonic, 0 for C, and the number of the mode.
_TONICS, _MODES = np.array([tonic_of(key) for key in range(KEYS)]).T
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
        **_of_chords(vocabulary),
        **_of_lengths(vocabulary),
        # By the kind of bar, the lag and the trust in the echo: whether it is followed.
        ECHOES: Habit((math.prod(SHAPE_OF_ECHOES), 2), ROWS, *_NOTHING, anything_else=True),
    }


def _of_ends(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of which note comes, by the notes where a tune or a section ends."""
    notes, places = _letters_of(vocabulary)
    near = _nearest()[:, places]  # (STEPS, letters)
    lower, upper = near[FEW_BELOW : FEW_BELOW + BELOWS], near[FEW_ABOVE : FEW_ABOVE + ABOVES]
    ends = np.arange(STEPS)[:, None, None]
    return {
        # By the size of the bar and the time left in a section, the last one or another: how far
        # from its last note, by letters.
        "closes": _habit(
            *(CLOSES, notes, STYLES * ENDS_OF_SECTIONS * SIZES * CLOSENESSES, _OCTAVE),
            (places - np.arange(_OCTAVE)[:, None]) % _OCTAVE,
        ),
        # By the mode, on which degree a tune begins, in the lower octave or the upper one.
        "opens": _opens(vocabulary),
        # While the lowest note has not come and after, in the first section and later, where it
        # ends and elsewhere: how far from it; and the same of the highest.
        "down": _habit(
            *(DOWNS, notes, STYLES * 8, _NEAR_END + 2),
            np.clip(lower - ends, -1, _NEAR_END).reshape(-1, len(notes)) + 1,
        ),
        "up": _habit(
            *(UPS, notes, STYLES * 8, _NEAR_END + 2),
            np.clip(ends - upper, -1, _NEAR_END).reshape(-1, len(notes)) + 1,
        ),
    }


def _of_lengths(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of how long a note is."""
    lengths = np.zeros(len(vocabulary), np.int64)
    for number, some in enumerate(_LENGTHS, 1):
        lengths[_known(vocabulary, some)] = number
    choices, every = 1 + len(_LENGTHS), np.arange(len(vocabulary))
    lasts = STYLES * SIZES * PLACES * LENGTHS * CONCORDS
    holds = STYLES * ENDS_OF_SECTIONS * SIZES * HOLDINGS * 2
    return {
        # By the size of the bar, the place in it, the length of the note before, and whether it is
        # of the chord.
        "lasts": _habit(LASTS, every, lasts, choices, lengths[None], anything_else=True),
        # By the size of the bar, the time left in a section, and whether it may be the last.
        "holds": _habit(HOLDS, every, holds, choices, lengths[None], anything_else=True),
    }


def _of_chords(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of chords, and of the notes over them."""
    return {
        # By whether the chord is of the key, what the bar is made of, the beat, and whether the
        # chord is new, which note of it, by letters above its root; behind an accidental, by
        # the first of these. (Then an accidental has been written in the bar.)
        "tones": _tones(vocabulary),
        # By the cadence so far, the beat and the chords of the bar, whether a chord comes.
        "chords": _chords(vocabulary),
        # By whether the chord is of the key, and the beat, what comes before a note or in place
        # of it.
        "starts": _starts(vocabulary),
        # By the degree of the last chord and whether it is in this bar, that of the next one.
        "roots": _roots(vocabulary),
        # By how far a cadence is: how far from the chord that is due, by letters.
        "dues": _dues(vocabulary),
        # By whether the bar goes like another, and whether the chord is its first: how far above it
        # the note is that it will be heard with, by letters.
        "fits": _fits(vocabulary),
        # By the mode and the degree of its root, what else a chord is written with.
        "qualities": _qualities(vocabulary),
    }


def classes_of(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Return 1 for the characters of notes, 2 for those of lengths, 3 for others, (V,)."""
    classes = np.full(len(vocabulary), CLASSES, np.int32)
    classes[_known(vocabulary, _LETTERS)] = 1
    classes[_known(vocabulary, "".join(_LENGTHS))] = 2
    return classes


def _known(vocabulary: Vocabulary, characters: str) -> NDArray[np.int64]:
    """Return the numbers of those characters that a vocabulary has."""
    known = [vocabulary.char2idx[c] for c in characters if c in vocabulary.char2idx]
    return np.array(known, np.int64)


def _letters_of(
    vocabulary: Vocabulary, letters: str = _LETTERS
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of those letters that a vocabulary has, and their places among all."""
    there = [letter in vocabulary.char2idx for letter in letters]
    return _known(vocabulary, letters), np.flatnonzero(there)


def _nearest() -> NDArray[np.int64]:
    """Return for each step the nearest one to it that each letter can become, (STEPS, letters).

    Notes below C and above b are written with octave marks, which come behind the letter.
    """
    step = np.arange(STEPS)[:, None]
    plain = MIDDLE + np.arange(len(_LETTERS))[None]
    other = np.where(plain < MIDDLE + _OCTAVE, plain - _OCTAVE, plain + _OCTAVE)
    return np.where((abs(other - step) < abs(plain - step)) & (step > 0), other, plain)


def away_of(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Return from each step how many up a character is, by number, (STEPS, V); -1 for none."""
    away = np.full((STEPS, len(vocabulary)), _NONE, np.int32)
    notes, places = _letters_of(vocabulary)
    up = _nearest()[:, places] - np.arange(STEPS)[:, None]
    away[:, notes] = np.clip(up, -MOST_AWAY, MOST_AWAY) + MOST_AWAY
    return away


def _habit(
    first: int,
    characters: NDArray[np.int64],
    contexts: int,
    choices: int,
    chosen: NDArray[np.int64],
    *,
    anything_else: bool = False,
) -> Habit:
    """Return a habit of which each context has some rows, in each of which this is chosen."""
    numbers = np.arange(contexts)[:, None, None] * choices + chosen
    rows = numbers.reshape(-1, len(characters)).astype(np.int32)
    return Habit((contexts, choices), first, characters, rows, anything_else)


def _tones(vocabulary: Vocabulary) -> Habit:
    notes, letters = _letters_of(vocabulary)
    _, sort, relation, sign, fresh, beat, root = _PLACES
    # At the beginning of a bar and in its middle alike.
    context = (relation * SORTS + sort) * BEATS + np.where(fresh, 0, np.maximum(beat, 1))
    context = np.where(sign, RELATIONS * SORTS * BEATS + relation, context)
    numbers = context * _OCTAVE + (letters - (root - 1)) % _OCTAVE
    numbers = np.where(root, numbers, _NONE).astype(np.int32)
    return Habit((RELATIONS * (SORTS * BEATS + 1), _OCTAVE), TONES, notes, numbers)


def _chords(vocabulary: Vocabulary) -> Habit:
    starts = _known(vocabulary, _STARTS)
    chosen = (starts == vocabulary.char2idx.get('"')).astype(np.int64)
    contexts = CADENCES * BEATS * MOST_CHORDS
    return _habit(CHORDS, starts, contexts, 2, chosen[None], anything_else=True)


def _starts(vocabulary: Vocabulary) -> Habit:
    some = (_LETTERS, *_BEFORE_NOTES)
    characters = [_known(vocabulary, each) for each in some]
    kinds = np.concatenate([np.full_like(each, n) for n, each in enumerate(characters)])
    with_chords, _, relation, sign, _, beat, _ = _PLACES
    numbers = ((with_chords * RELATIONS + relation) * BEATS + beat) * len(some) + kinds
    numbers = np.where(sign, _NONE, numbers).astype(np.int32)
    shape = STYLES * RELATIONS * BEATS, len(some)
    return Habit(shape, TONES, np.concatenate(characters), numbers, anything_else=True)


def _dues(vocabulary: Vocabulary) -> Habit:
    roots, letters = _letters_of(vocabulary, _LETTERS[:_OCTAVE])
    contexts = ENDS_OF_SECTIONS * 2 * 2
    return _habit(DUES, roots, contexts, _OCTAVE, (letters - np.arange(_OCTAVE)[:, None]) % _OCTAVE)


def _fits(vocabulary: Vocabulary) -> Habit:
    roots, letters = _letters_of(vocabulary, _LETTERS[:_OCTAVE])
    return _habit(FITS, roots, 2 * 2, _OCTAVE, (np.arange(_OCTAVE)[:, None] - letters) % _OCTAVE)


def _roots(vocabulary: Vocabulary) -> Habit:
    roots, letters = _letters_of(vocabulary, _LETTERS[:_OCTAVE])
    key, root, first = np.indices((KEYS, LETTERS, 2)).reshape(3, -1, 1)
    tonic = _TONICS[key]
    before = np.where(root, 1 + (root - 1 - tonic) % _OCTAVE, 0)
    numbers = (before * 2 + first) * _OCTAVE + (letters - tonic) % _OCTAVE
    numbers = np.where(key, numbers, _NONE).astype(np.int32)
    return Habit((LETTERS * 2, _OCTAVE), ROOTS, roots, numbers)


def _qualities(vocabulary: Vocabulary) -> Habit:
    characters = [_known(vocabulary, some) for some in _QUALITIES]
    kinds = np.concatenate([np.full_like(some, n) for n, some in enumerate(characters)])
    key, root = np.indices((KEYS, LETTERS)).reshape(2, -1, 1)
    mode, tonic = _MODES[key], _TONICS[key]
    degree = np.where(root, 1 + (root - 1 - tonic) % _OCTAVE, 0)
    numbers = (mode * LETTERS + degree) * len(_QUALITIES) + kinds
    numbers = np.where(key, numbers, _NONE).astype(np.int32)
    shape = len(MODES) * LETTERS, len(_QUALITIES)
    return Habit(shape, QUALITIES, np.concatenate(characters), numbers, anything_else=True)


def _opens(vocabulary: Vocabulary) -> Habit:
    notes, places = _letters_of(vocabulary)
    style, key = np.indices((STYLES, KEYS)).reshape(2, -1, 1)
    mode, tonic = _MODES[key], _TONICS[key]
    choice = (places - tonic) % _OCTAVE * 2 + places // _OCTAVE
    numbers = (style * len(MODES) + mode) * 2 * _OCTAVE + choice
    numbers = np.where(key, numbers, _NONE).astype(np.int32)
    return Habit((STYLES * len(MODES), 2 * _OCTAVE), OPENS, notes, numbers)


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
