"""One line of notes from a part: its highest notes, and chords where a few notes go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from abcgen.formats.midi_in.events import Struck

#: The share of places with three notes or more up to which these are chords within a melody.
_MOST_CHORDS = 0.4
_MOST_IN_GROUP = 4
_SIXTEENTHS = 4  # of a quarter note
#: Notes that begin within this part of a quarter note begin together; so do those of a chord that
#: is strummed, each within a longer part after the one before it, which still sounds.
_TOGETHER, _STRUMMED, _LONGEST_STRUM = 24, 12, 5


@dataclass(frozen=True, slots=True)
class Sound:
    """A note, or several at once, of a melody.

    Attributes
    ----------
    pitches : tuple of int
        MIDI note numbers, the lowest first.
    onset, end : int or float
        In ticks, or in the units of `abcgen.formats.midi_in.grid.QUARTER`.
    """

    pitches: tuple[int, ...]
    onset: float
    end: float


def line_of(notes: Sequence[Struck], ticks: int) -> list[Sound]:
    """Return the melody of a part, in order; no note sounds when the next one begins.

    Parameters
    ----------
    notes : sequence of Struck
        In order of onset.
    ticks : int
        Of a quarter note.

    Notes
    -----
    In a part of chords, only the highest notes count; else notes that
    begin and end together stay together. A low note that begins under a long high one is left out.
    """
    window = max(ticks // _TOGETHER, 1)
    places = _together(notes, ticks)
    chordal = sum(len(place) > 2 for place in places) > _MOST_CHORDS * len(places)
    sounds: list[Sound] = []
    for place in places:
        top = place[-1]
        kept = [top] if chordal else _like(place, top, window)
        # Of a strummed chord that note is on the beat that is nearest to one.
        onset = min((note.onset for note in place), key=lambda time: _off_beat(time, ticks))
        if sounds and sounds[-1].end > onset:
            before = sounds[-1]
            covered = min(top.end, before.end) - onset
            if before.pitches[-1] > top.pitch and 2 * covered > top.end - onset:
                continue  # an accompanying note under a melody note
            sounds[-1] = Sound(before.pitches, before.onset, onset)
        pitches = sorted({note.pitch for note in kept})[-_MOST_IN_GROUP:]
        sounds.append(Sound(tuple(pitches), onset, top.end))
    return [sound for sound in sounds if sound.end > sound.onset]


def _together(notes: Sequence[Struck], ticks: int) -> list[list[Struck]]:
    """Return notes grouped by when they begin, the highest of each group last."""
    groups: list[list[Struck]] = []
    known: set[int] = set()  # the pitches of the last group, and when its notes end
    soonest = latest = 0
    for onset, same in groupby(notes, key=lambda note: note.onset):
        place = list(same)
        joins = False
        if groups:
            since, whole = onset - groups[-1][-1].onset, onset - groups[-1][0].onset
            begun = whole < max(ticks // _TOGETHER, 1) and latest > onset
            strummed = since <= ticks // _STRUMMED and whole < ticks // _LONGEST_STRUM
            # Two notes of one pitch are one after the other, however fast.
            joins = (begun or (strummed and soonest > onset)) and known.isdisjoint(
                note.pitch for note in place
            )
        if joins:
            groups[-1] += place
        else:
            groups.append(place)
            known, soonest, latest = set(), place[0].end, 0
        known |= {note.pitch for note in place}
        soonest = min(soonest, *(note.end for note in place))
        latest = max(latest, *(note.end for note in place))
    return [sorted(place, key=lambda note: note.pitch) for place in groups]


def _off_beat(time: int, ticks: int) -> float:
    """Return how far a time is from a sixteenth, in sixteenths."""
    place = time * _SIXTEENTHS / ticks
    return abs(place - round(place))


def _like(place: Sequence[Struck], top: Struck, window: int) -> list[Struck]:
    """Return the notes of a place that end with its highest one."""
    return [note for note in place if abs(note.end - top.end) <= window]
