"""Notes of the chord made likelier where a note begins on a beat."""

import numpy as np
from numpy.typing import NDArray

from abcgen.grammar.acceptor import Local
from abcgen.grammar.bar import (
    Accidental,
    AfterChordSymbol,
    AfterGroup,
    Broken,
    Note,
    Rest,
    Space,
    Start,
)
from abcgen.grammar.bar.lengths import heads_of
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.chords import chord_pitches
from abcgen.notation.keys import SEMITONES, scale_of, signature
from abcgen.notation.meters import is_compound
from abcgen.notation.tokens import ALTERATIONS


def beat_in(meter: str) -> int:
    """Return the eighths of a beat: a quarter or, in compound metres, three eighths."""
    return 3 if is_compound(meter) else 2


def next_onset(local: Local) -> int | None:
    """Return what is left of the bar where the next note begins, if one may begin now.

    In grid units; None within tuplets and where something else comes next.
    """
    if isinstance(local, Start | AfterChordSymbol | Space | Accidental | Broken):
        context = local.context
        return None if context.tie or context.time else context.left
    if isinstance(local, Note | Rest | AfterGroup):
        context = local.context
        _, units = heads_of(context).get(local.text, ("", 0))
        return context.left_after(units) if units and context.notes <= 1 else None
    return None


class Closeness:
    """What is added to logits for the notes of each chord.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    key : str
        The key that the notes are written in.
    chords : sequence of str
        The chords, as they are written.
    semitones : int
        How far the key is above that of the chords.
    close : float
        What is added, in nats.
    """

    def __init__(
        self, vocabulary: Vocabulary, key: str, chords: list[str], semitones: int, close: float
    ) -> None:
        self._key, self._close = key, np.float32(close)
        self._characters = vocabulary.idx2char
        self._pitches = [
            frozenset((pitch + semitones) % 12 for pitch in chord_pitches(chord)[1])
            for chord in chords
        ]
        self._known: dict[tuple[int, str], NDArray[np.float32]] = {}

    def for_chord(self, chord: int, accidental: str = "") -> NDArray[np.float32]:
        """Return what is added, (V,), over a chord, after an accidental or without one."""
        key = chord, accidental
        if key not in self._known:
            self._known[key] = self._added(self._pitches[chord], accidental)
        return self._known[key]

    def _added(self, pitches: frozenset[int], accidental: str) -> NDArray[np.float32]:
        altered = signature(self._key)
        # Of the notes that the key lacks, the accidentals that lead to them.
        outside = pitches - scale_of(self._key)
        wanted = {
            sign
            for sign in ("^", "_", "=")
            for letter, above in SEMITONES.items()
            if (above + ALTERATIONS[sign]) % 12 in outside
            and _may_follow(sign, altered.get(letter, 0))
        }

        def belongs(character: str) -> bool:
            above = SEMITONES.get(character.upper())
            if above is None:
                return not accidental and character in wanted
            change = ALTERATIONS[accidental] if accidental else altered.get(character.upper(), 0)
            return (above + change) % 12 in pitches

        return np.array(
            [self._close if belongs(one) else 0 for one in self._characters], np.float32
        )


def _may_follow(sign: str, in_key: int) -> bool:
    """Return whether people write a sign before a letter that the key alters so."""
    return in_key != ALTERATIONS[sign]
