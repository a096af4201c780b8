"""Which chord some notes make: exactly one, or the one that explains most of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from abcgen.formats.midi_in.pitches import FIFTH, MINOR_THIRD, OCTAVE
from abcgen.notation.chords import QUALITIES

#: MIDI note number below which a note is a bass note.
BASS = 48
#: The same for one that is played alone.
LOW = 55
#: Pitch classes above the root of each quality, no two of which are the same.
_SHAPES = {quality: frozenset(step % OCTAVE for step in steps) for quality, steps in
           QUALITIES.items()}  # fmt: skip
_QUALITY_OF = {shape: quality for quality, shape in _SHAPES.items()}
_TRIADS = ("", "m")
#: What is struck of a seventh chord above its bass, where that alone has the root.
_ROOTLESS = _SHAPES["7"] - {0}
#: Qualities that are tried where no chord explains all notes.
_USUAL = (*_TRIADS, "7", "m7")
#: What each note of a chord is worth that is not played, and a bass that walks, in shares.
_MISSING, _WALKING = 0.05, 0.1
#: The part of what the notes of a chord sound on average that its root sounds at least, or what
#: the chord is worth less.
_WEAK, _WEAKLY = 0.5, 0.1
#: The same for a minor seventh chord on another bass than its root: on G, Em7 is most of G and C.
_INVERTED = 0.1
#: What it is worth for a choice between chords that the first note of the bass is the root.
_ON_BASS = 0.1
#: Semitones above the root at which no bass is taken for that of the chord.
_NO_BASS = frozenset({1, 2, 6})
#: A bass note alone that is played so often is a root.
_PEDAL = 4
#: Two notes of the chord before are no other chord.
_OPEN = 2
#: What a note alone explains that does not belong to the chord before.
_LONE = 0.8
#: The most that a chord is judged to explain where its bass moves as if there were two chords.
_TWO_CHORDS = 0.7


@dataclass(frozen=True, slots=True)
class Heard:
    """A note of the accompaniment.

    Attributes
    ----------
    onset, length : int
        When it begins and how long it lasts, in units.
    pitch : int
        MIDI note number.
    """

    onset: int
    length: int
    pitch: int


class Harmony(NamedTuple):
    """A chord: the pitch classes of its root and its bass, and its quality."""

    root: int
    quality: str
    bass: int

    def has(self, pitch_class: int) -> bool:
        """Return whether a pitch class belongs to it."""
        return (pitch_class - self.root) % OCTAVE in _SHAPES[self.quality]


class Judged(NamedTuple):
    """The chord of some notes, and the share of them that it explains, at most 1."""

    share: float
    chord: Harmony


def harmony_of(notes: Sequence[Heard], before: Harmony | None, usual: dict[int, str]) -> Judged:
    """Return the chord of notes.

    Parameters
    ----------
    notes : sequence of Heard
        In order, at least one.
    before : Harmony, optional
        The chord before. A lone note of it, or its fifth in the bass, is no other chord.
    usual : dict of int to str
        Root -> the quality that it last had.
    """
    basses = [pitch % OCTAVE for pitch in _basses(notes)]
    classes = {note.pitch % OCTAVE for note in notes}
    if len(classes) == 1:
        (lone,) = classes
        pedal = len(notes) >= _PEDAL and min(note.pitch for note in notes) < BASS
        if before is not None and before.has(lone) and not pedal:
            return Judged(1, before)
        return Judged(_LONE, Harmony(lone, usual.get(lone, ""), lone))
    if len(classes) == _OPEN and before is not None and all(map(before.has, classes)):
        return Judged(1, before)
    found = _exact(notes, basses, classes) or _likeliest(notes, basses)
    share, chord = found
    if chord.quality == "dim" and before is not None and all(map(before.has, classes)):
        return Judged(share, before)  # a seventh chord that goes on without its root
    alternates = before is not None and before[:2] == chord[:2] and (
        chord.bass == (chord.root + FIFTH) % OCTAVE
    )  # fmt: skip
    return Judged(share, before) if alternates and before is not None else found


def _basses(notes: Sequence[Heard]) -> list[int]:
    """Return the bass notes: low ones, and those alone that are still lower than most chords."""
    onsets: dict[int, list[int]] = {}
    for note in notes:
        onsets.setdefault(note.onset, []).append(note.pitch)
    lowest = [(min(pitches), len(pitches)) for _, pitches in sorted(onsets.items())]
    return [pitch for pitch, count in lowest if pitch < (LOW if count == 1 else BASS)]


def _exact(notes: Sequence[Heard], basses: Sequence[int], classes: set[int]) -> Judged | None:
    """Return the chord that has exactly the notes above the bass, or all of them."""
    lowest = min(notes, key=lambda note: note.pitch).pitch % OCTAVE
    first = basses[0] if basses else lowest
    lows = set(_basses(notes))
    # The bass of a piano is in octaves, of which the upper notes are no part of the chord.
    octaves = {(note.onset, note.pitch + OCTAVE) for note in notes if note.pitch in lows}
    upper = [note for note in notes if note.pitch not in lows]
    alone = {note.pitch % OCTAVE for note in upper if (note.onset, note.pitch) not in octaves}
    above = {note.pitch % OCTAVE for note in upper} or classes
    if {(one - first) % OCTAVE for one in alone} == _ROOTLESS:
        alone = alone | {first}
    for wanted in (alone, above, classes):
        chords = [
            ((root != first, quality not in _TRIADS), Harmony(root, quality, first))
            for root in wanted
            if (quality := _QUALITY_OF.get(frozenset((one - root) % OCTAVE for one in wanted)))
            is not None
        ]
        if chords:
            _, chord = min(chords)
            share = _share_of_bass(chord, basses)
            # What is lowest above the bass says nothing, nor does a bass that walks.
            plain = not basses or share < 1 or (first - chord.root) % OCTAVE in _NO_BASS
            return Judged(share, chord._replace(bass=chord.root) if plain else chord)
    return None


def _share_of_bass(chord: Harmony, basses: Sequence[int]) -> float:
    """Return how far the bass of a chord is that of one chord.

    It may change between root and fifth, and under a triad between all its notes. Em and C, too,
    have together the notes of one chord, but their bass is not that of Cmaj7.
    """
    if len(set(basses)) < 2:
        return 1
    triad = chord.quality in _TRIADS
    if basses[0] == chord.root:
        if {(bass - chord.root) % OCTAVE for bass in basses} <= {0, FIFTH}:
            return 1
        if triad:
            return 1 if all(map(chord.has, basses)) else 1 - _WALKING
    firm = triad or chord.quality == "7"
    return 1 - _WALKING if firm and all(map(chord.has, basses)) else _TWO_CHORDS


def _likeliest(notes: Sequence[Heard], basses: Sequence[int]) -> Judged:
    """Return the usual chord that has most of the notes, by how long they last."""
    lengths = [0] * OCTAVE
    for note in notes:
        lengths[note.pitch % OCTAVE] += max(note.length, 1)  # however short it is
    whole = sum(lengths)
    lowest = min(notes, key=lambda note: note.pitch).pitch % OCTAVE
    first = basses[0] if basses else None
    best: tuple[tuple[float, bool], float, Harmony] | None = None
    for root in range(OCTAVE):
        if not lengths[root]:
            continue
        for quality in _USUAL:
            tones = [(root + step) % OCTAVE for step in _SHAPES[quality]]
            missing = sum(not lengths[tone] for tone in tones)
            sounding = sum(lengths[tone] for tone in tones)
            share = sounding / whole - _MISSING * missing
            if lengths[root] < _WEAK * sounding / len(tones):
                share -= _WEAKLY
            if quality == "m7" and root != lowest:
                share -= _INVERTED
            rank = share + _ON_BASS * (root == first), root == lowest
            if best is None or rank > best[0]:
                best = rank, share, Harmony(root, quality, root)
    assert best is not None  # there is at least one note
    _, share, chord = best
    if chord.quality == "m7" and first == (chord.root + MINOR_THIRD) % OCTAVE:
        chord = Harmony(first, "6", first)  # the same notes
    return Judged(min(share, _TWO_CHORDS) if len(set(basses)) > 1 else share, chord)
