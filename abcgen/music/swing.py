"""Swing: the second eighth of each beat is played later, as in hornpipes."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from abcgen.errors import UsageError
from abcgen.music.measures import missing_starts
from abcgen.music.notes import Music, Note
from abcgen.support import values

#: Limits of the part of a beat that its first eighth takes; the least is straight.
STRAIGHT, MOST_SWING = 0.5, 0.9
_BEAT, _OFF_BEAT = Fraction(1, 4), Fraction(1, 8)  # of a whole note
_CLOSEST = 100  # denominator of a part: 0.67 is 67/100, 0.6667 is 2/3


def swung(music: Music, swing: float) -> Music:
    """Return music with a swing; bars keep their times, and nothing sounds after the last one.

    Beats are quarter notes, so compound metres and those counted in eighths do not swing. Nor
    does a beat with nothing on its second eighth, which is dotted or has one note, a beat with a
    triplet, whose notes stay even, or one that a bar line cuts off.

    Parameters
    ----------
    music : Music
        As `abcgen.music.notes.music_of` gives it, with or without ornaments.
    swing : float
        What the first eighth of a beat takes of it: 0.5 is straight, 0.6 gentle, 0.67 a triplet.

    Raises
    ------
    UsageError
        If `swing` is not in 0.5 to 0.9.
    """
    swing = values.number("swing", swing)
    if not STRAIGHT <= swing <= MOST_SWING:
        raise UsageError(f"the swing must be {STRAIGHT} (straight) to {MOST_SWING}, not {swing}")
    clock = _Clock(music, Fraction(swing).limit_denominator(_CLOSEST))
    notes = []
    for note in music.notes:
        onset = clock.at(note.onset)
        notes.append(note._replace(onset=onset, duration=clock.at(_end(note)) - onset))
    chords = [replace(chord, onset=clock.at(chord.onset)) for chord in music.chords]
    directions = [replace(one, onset=clock.at(one.onset)) for one in music.directions]
    return Music(notes, chords, music.bars, music.duration, directions)


class _Clock:
    """The time at which each moment of some music is played with a swing."""

    def __init__(self, music: Music, part: Fraction) -> None:
        self._part = part
        self._last = music.duration
        self._bars = music.bars
        self._onsets = [bar.onset for bar in music.bars]
        self._missing = list(missing_starts(music.bars))
        within: dict[Fraction, set[Fraction]] = {}  # beat -> the places in it where notes change
        for time in {time for note in music.notes for time in (note.onset, _end(note))}:
            place = self._place(time)
            if place is not None:
                within.setdefault(time - place, set()).add(place)
        self._swung = {
            beat
            for beat, places in within.items()
            if _OFF_BEAT in places and all(map(_is_binary, places))
        } - set(self._cut())

    def at(self, time: Fraction) -> Fraction:
        """Return when a moment is played, in whole notes."""
        place = self._place(time)
        if place is None or time - place not in self._swung:
            return time
        if place <= _OFF_BEAT:
            later = place * 2 * self._part
        else:
            later = _BEAT - (_BEAT - place) * 2 * (1 - self._part)
        return min(time - place + later, self._last)

    def _cut(self) -> Iterator[Fraction]:
        """Yield the beats that a bar line cuts off where a bar is too long or too short."""
        starts = zip(self._onsets, self._missing, strict=True)
        for (onset, missing), (following, lacking) in pairwise(starts):
            place = (following - onset + missing) % _BEAT
            if place != lacking % _BEAT:  # there, the next bar does not go on with the beat
                yield following - place

    def _place(self, time: Fraction) -> Fraction | None:
        """Return a moment's place in its beat, in whole notes; None if its bar has no beats."""
        index = bisect_right(self._onsets, time) - 1
        meter = self._bars[index].setting.meter
        if meter.endswith(("/8", "/16", "/32")):
            return None
        return (time - self._onsets[index] + self._missing[index]) % _BEAT


def _end(note: Note) -> Fraction:
    return note.onset + note.duration


def _is_binary(time: Fraction) -> bool:
    """Return whether a time falls on a half of a half, and so on, of a whole note."""
    return time.denominator & (time.denominator - 1) == 0
