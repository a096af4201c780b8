"""What is chosen in each situation, as habits distinguish it: by the step, not by the letter."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import ECHO_TRUST, MIDDLE
from abcgen.model.factors.lexing import KEYS
from abcgen.model.factors.plan import LETTERS, STEPS
from abcgen.model.factors.position import LAGS
from abcgen.model.factors.situations import (
    ABOVES,
    BEATS,
    BELOWS,
    CHANGES,
    CHORDS,
    CLOSENESSES,
    CLOSES,
    DOWNS,
    ECHOINGS,
    FEW_ABOVE,
    FEW_BELOW,
    HOLDINGS,
    HOLDS,
    LANDINGS,
    LANDS,
    MOST_CHANGE,
    MOST_CHORDS,
    MOVES,
    ROOTS,
    ROWS,
    STYLES,
    UPS,
)
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.keys import MODES

_LETTERS = "CDEFGABcdefgab"
_OCTAVE = 7
#: What a note may begin with; of these, a chord symbol is the one that is asked about.
_STARTS = '"CDEFGABcdefgabz^_=(~{'
#: What comes before the letter of a note, and a rest.
_BEFORE_NOTES = ("(", "[", "^_=", "z")
#: How much longer than the unit a note becomes: not at all, and what its length is written with.
_LENGTHS = ("2", "3", "4", "5678", "/")
#: Steps that are distinguished where a section ends, and to the lowest and the highest note.
_MOST_LANDING = 8
_NEAR_END = 8
_NONE = -1
#: Of each row from `CHORDS` on: whether there are chords, whether the last one is new, the beat,
#: the chords of the bar so far, and the root of the last one.
_PLACES = np.indices((STYLES, 2, BEATS, MOST_CHORDS, LETTERS)).reshape(5, -1, 1)
#: The habit that depends on echoes: whether what is told comes, a note or a length.
ECHOES = "echoes"
SHAPE_OF_ECHOES = ECHOINGS, len(LAGS), ECHO_TRUST, 2


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


def habits_of(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return all habits by name."""
    return {
        **_of_steps(vocabulary),
        **_of_chords(vocabulary),
        "holds": _of_lengths(vocabulary),
        # By the kind of bar, the lag and the trust in the echo: whether it is followed. No row says
        # that; see `abcgen.model.lookup`.
        ECHOES: Habit(
            (math.prod(SHAPE_OF_ECHOES), 2),
            ROWS,
            np.empty(0, np.int64),
            np.empty((0, 0), np.int32),
            anything_else=True,
        ),
    }


def _of_steps(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of which step a letter takes."""
    notes = _known(vocabulary, _LETTERS)
    places = np.flatnonzero([letter in vocabulary.char2idx for letter in _LETTERS])
    near = _nearest()[:, places]  # (STEPS, letters)
    changes = near - np.arange(STEPS)[:, None]
    lower, upper = near[FEW_BELOW : FEW_BELOW + BELOWS], near[FEW_ABOVE : FEW_ABOVE + ABOVES]
    ends = np.arange(STEPS)[:, None, None]
    return {
        # By the last two changes of step, where the melody moves.
        "moves": _habit(
            *(MOVES, notes, STYLES * CHANGES * CHANGES, CHANGES - 1),
            _clipped(changes, MOST_CHANGE),
        ),
        # By the time left in a section, the last one or another: how far from its last note, by
        # letters.
        "closes": _habit(
            *(CLOSES, notes, STYLES * 2 * CLOSENESSES, _OCTAVE),
            (places - np.arange(_OCTAVE)[:, None]) % _OCTAVE,
        ),
        "lands": _lands(notes, changes),
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


def _lands(notes: NDArray[np.int64], changes: NDArray[np.int64]) -> Habit:
    """Return the next step, by the time left in a section, and where its last note is from here."""
    which, target, step = np.indices((STYLES * 2 * LANDINGS, _OCTAVE, STEPS)).reshape(3, -1, 1)
    choices, above = 2 * _MOST_LANDING + 1, (step - 1 - target) % _OCTAVE
    numbers = (which * _OCTAVE + above) * choices + _clipped(changes, _MOST_LANDING)[step[:, 0]]
    contexts = STYLES * 2 * LANDINGS * _OCTAVE
    return Habit((contexts, choices), LANDS, notes, numbers.astype(np.int32))


def _of_lengths(vocabulary: Vocabulary) -> Habit:
    """Return how long a note is, by the time left in a section, and whether it may be the last."""
    lengths = np.zeros(len(vocabulary), np.int64)
    for number, some in enumerate(_LENGTHS, 1):
        lengths[_known(vocabulary, some)] = number
    contexts, choices = STYLES * 2 * HOLDINGS * 2, 1 + len(_LENGTHS)
    every = np.arange(len(vocabulary))
    return _habit(HOLDS, every, contexts, choices, lengths[None], anything_else=True)


def _of_chords(vocabulary: Vocabulary) -> dict[str, Habit]:
    """Return those of chords, and of the notes over them."""
    return {
        # By the beat, and whether the chord is new, which note of it, by letters above its root.
        "tones": _tones(vocabulary),
        # By the beat and the chords of the bar so far, whether a chord comes.
        "chords": _chords(vocabulary),
        # By the beat, what comes before a note or in place of it.
        "starts": _starts(vocabulary),
        # By the degree of the last chord and whether it is in this bar, that of the next one.
        "roots": _roots(vocabulary),
    }


def classes_of(vocabulary: Vocabulary) -> NDArray[np.int32]:
    """Return 1 for the characters of notes, 2 for those of lengths, 0 for others, (V,)."""
    classes = np.zeros(len(vocabulary), np.int32)
    classes[_known(vocabulary, _LETTERS)] = 1
    classes[_known(vocabulary, "".join(_LENGTHS))] = 2
    return classes


def _known(vocabulary: Vocabulary, characters: str) -> NDArray[np.int64]:
    """Return the numbers of those characters that a vocabulary has."""
    known = [vocabulary.char2idx[c] for c in characters if c in vocabulary.char2idx]
    return np.array(known, np.int64)


def _nearest() -> NDArray[np.int64]:
    """Return for each step the nearest one to it that each letter can become, (STEPS, letters).

    Notes below C and above b are written with octave marks, which come behind the letter.
    """
    step = np.arange(STEPS)[:, None]
    plain = MIDDLE + np.arange(len(_LETTERS))[None]
    other = np.where(plain < MIDDLE + _OCTAVE, plain - _OCTAVE, plain + _OCTAVE)
    return np.where((abs(other - step) < abs(plain - step)) & (step > 0), other, plain)


def _clipped(changes: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    return np.clip(changes, -most, most) + most


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
    letters = np.flatnonzero([letter in vocabulary.char2idx for letter in _LETTERS])
    notes = _known(vocabulary, _LETTERS)
    _, fresh, beat, _, root = _PLACES
    # At the beginning of a bar and in its middle alike.
    context = np.where(fresh, 0, np.maximum(beat, 1))
    numbers = context * _OCTAVE + (letters - (root - 1)) % _OCTAVE
    numbers = np.where(root, numbers, _NONE).astype(np.int32)
    return Habit((BEATS, _OCTAVE), CHORDS, notes, numbers)


def _chords(vocabulary: Vocabulary) -> Habit:
    starts = _known(vocabulary, _STARTS)
    quote = vocabulary.char2idx.get('"')
    with_chords, _, beat, chords, _ = _PLACES
    numbers = (beat * MOST_CHORDS + chords) * 2 + (starts == quote)
    numbers = np.where(with_chords, numbers, _NONE).astype(np.int32)
    return Habit((BEATS * MOST_CHORDS, 2), CHORDS, starts, numbers, anything_else=True)


def _starts(vocabulary: Vocabulary) -> Habit:
    some = (_LETTERS, *_BEFORE_NOTES)
    characters = [_known(vocabulary, each) for each in some]
    kinds = np.concatenate([np.full_like(each, n) for n, each in enumerate(characters)])
    with_chords, _, beat, _, _ = _PLACES
    numbers = ((with_chords * BEATS + beat) * len(some) + kinds).astype(np.int32)
    shape = STYLES * BEATS, len(some)
    return Habit(shape, CHORDS, np.concatenate(characters), numbers, anything_else=True)


def _roots(vocabulary: Vocabulary) -> Habit:
    roots = _known(vocabulary, _LETTERS[:_OCTAVE])
    letters = np.flatnonzero([letter in vocabulary.char2idx for letter in _LETTERS[:_OCTAVE]])
    key, root, first = np.indices((KEYS, LETTERS, 2)).reshape(3, -1, 1)
    modes = np.array(list(MODES.values()))
    # Fifths up from F: a letter is four more than that of the fifth below.
    fifths = (key - 1) // len(modes) - modes[(key - 1) % len(modes)]
    tonic = 4 * fifths % _OCTAVE
    before = np.where(root, 1 + (root - 1 - tonic) % _OCTAVE, 0)
    numbers = (before * 2 + first) * _OCTAVE + (letters - tonic) % _OCTAVE
    numbers = np.where(key, numbers, _NONE).astype(np.int32)
    return Habit((LETTERS * 2, _OCTAVE), ROOTS, roots, numbers)


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
    echoes : tuple of two int32 arrays, shape (n, len(LAGS))
        What was told, and how much that was trusted: see `Layout.echoes_told`.
    came : int array, shape (n,)
        The characters that came. Beside a note that is told, only notes are counted.

    Returns
    -------
    float64 array, shape (contexts, 2)
        As the habit `ECHOES` has them.
    """
    heard = kind > 0
    kind, came = kind[heard], came[heard]
    counts = np.zeros((*SHAPE_OF_ECHOES, 2))
    for lag, (told, trust) in enumerate(zip(*(part[heard].T for part in echoes), strict=True)):
        which = np.where(told > 0, classes[told - 1], 0)
        follows = (told - 1 == came).astype(np.int64)
        there = (which == 2) | ((which == 1) & (classes[came] == 1))
        at = (kind - 1, np.full_like(kind, lag), trust, which - 1, follows)
        np.add.at(counts, tuple(part[there] for part in at), 1)
    return counts.reshape(-1, 2)
