"""When notes begin and end, moved from ticks to the divisions of a beat that music is written in.

A file that a program wrote has its times exactly there, and keeps them. In one that a person played
each beat gets the division that fits it best, of two, three, four, and so on.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from abcgen.errors import CorpusError
from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.swing import straightened, swing_of, triplets_of

#: Divisions of a quarter note that notes are written in, the most usual first.
_WRITTEN = (1, 2, 4, 3, 8, 6, 16, 12, 32, 24, 5, 7, 10, 9, 14, 48)
#: Ticks that a program may be off by rounding; less where they are so few that it would mean much.
_ROUNDED, _ROUNDED_COARSE, _COARSE = 1.0, 0.51, 384
#: A division has at least so many times as many ticks; else times at random would be there, too.
_APART = 6
#: The share of times that must be there exactly in a file that a program wrote.
_EXACT = 0.98
#: Division of a beat that was played -> what it must fit better than the one before it, in beats.
_PLAYED = {1: 0.0, 2: 0.004, 4: 0.012, 3: 0.016, 6: 0.03, 8: 0.04}
#: The mean distance from sixteenths or triplets beyond which there are no beats, in sixteenths:
#: notes at any time have 0.21.
_BLURRED = 0.15
_SIXTEENTH = 4  # of a quarter note
#: Steps of a quarter note in which it is tried how late all notes are, and the most of them.
_LAG_STEPS, _MOST_STEPS = 96, 12
_TRIPLETS = (3, 6)
#: A rest up to this part of the time to the next note is how a note is played, not how long it is.
_DETACHED = 0.4
_LONGEST_DETACHED = QUARTER // 2
#: The same where all notes are cut short by as much: the share of notes that must be, how far they
#: may differ from the usual one, and the part of its time for which a note sounds at least.
_CUT_SHORT, _ALIKE, _SHORTEST = 0.9, 0.05, 0.3


def on_grid(sounds: Sequence[Sound], ticks: int, *, played: bool = False) -> list[Sound]:
    """Return notes with times in whole units, `QUARTER` of them a quarter note.

    Parameters
    ----------
    sounds : sequence of Sound
        A melody, with times in ticks.
    ticks : int
        Of a quarter note.
    played : bool
        Whether the times are those of a player even if they look written.

    Raises
    ------
    CorpusError
        If the notes do not follow the beats of the file.
    """
    lag = lag_of([sound.onset for sound in sounds], ticks)
    onsets = [sound.onset - lag for sound in sounds]
    ends = [sound.end - lag for sound in sounds]
    written = not played and _is_written(onsets, ticks)
    swing = swing_of(sounds, ticks) if not written or _is_swung(sounds, ticks) else None
    if swing is not None:
        triplets = triplets_of(onsets, ticks)

        def straight(time: float) -> float:
            return time if time // ticks in triplets else straightened(time, swing, ticks)

        onsets, ends = [straight(time) for time in onsets], [straight(time) for time in ends]
    if not written and _blur(onsets, ticks) > _BLURRED:
        raise CorpusError(
            "the notes of the MIDI file do not follow its beats, so it has no bars; record it "
            "to a click, or let a notation program find the beats first"
        )
    divisions = _divisions(onsets, ticks)
    begin = [_unit(time, ticks) for time in onsets] if written else _moved(onsets, ticks, divisions)
    if not played and _is_written(ends, ticks) and not _is_gated(begin, ends, ticks):
        end = [_unit(time, ticks) for time in ends]
    else:
        end = _ends(begin, ends, ticks, divisions)
    return _without_overlaps(sounds, begin, end)


def _is_swung(sounds: Sequence[Sound], ticks: int) -> bool:
    """Return whether notes of a written file are written as they swing: no beat is a triplet."""
    thirds = sum(
        abs(sound.onset % ticks - ticks / 3) < ticks / 100  # the middle note of a triplet
        for sound in sounds
    )
    return not thirds


def _unit(time: float, ticks: int) -> int:
    """Return a time in units: where notes are written, if it is there, or else to the unit."""
    division = _division_of(time, ticks)
    if division is None:
        return round(time * QUARTER / ticks)
    return round(time * division / ticks) * QUARTER // division


def _is_written(times: Sequence[float], ticks: int) -> bool:
    """Return whether almost all times are exactly where music can be written."""
    exact = sum(_division_of(time, ticks) is not None for time in times)
    return exact >= _EXACT * len(times)


def _division_of(time: float, ticks: int) -> int | None:
    """Return the division of a quarter note at which a time is, or None."""
    most = _ROUNDED if ticks >= _COARSE else _ROUNDED_COARSE
    for division in _WRITTEN:
        if ticks < _APART * most * division:
            continue
        place = time * division / ticks
        if abs(place - round(place)) * ticks <= most * division:
            return division
    return None


def lag_of(onsets: Sequence[float], ticks: int) -> float:
    """Return how much later than the beats of the file all notes of a part begin, in ticks.

    It is 0 where they follow the beats as they are, or follow none. A player may be late on the
    whole, and so may be what a program recorded.
    """
    if _blur(onsets, ticks) <= _BLURRED:
        return 0.0
    lags = (step * ticks / _LAG_STEPS for step in range(-_MOST_STEPS, _MOST_STEPS + 1))
    blurred = {lag: _blur([time - lag for time in onsets], ticks) for lag in lags}
    best = min(blurred, key=blurred.__getitem__)
    return best if blurred[best] <= _BLURRED else 0.0


def _blur(times: Sequence[float], ticks: int) -> float:
    """Return the mean distance of times from sixteenths or triplets, in sixteenths."""
    away = 0.0
    for time in times:
        place = time * _SIXTEENTH / ticks
        third = time * 3 / ticks
        away += min(abs(place - round(place)), abs(third - round(third)) * _SIXTEENTH / 3)
    return away / max(len(times), 1)


def _divisions(onsets: Sequence[float], ticks: int) -> dict[int, int]:
    """Return the division of each beat that fits the notes that begin in it best."""
    beats: dict[int, list[float]] = {}
    for time in onsets:
        beats.setdefault(int(time // ticks), []).append(time / ticks)
    return {
        beat: min(_PLAYED, key=lambda division: _misfit(times, division))
        for beat, times in beats.items()
    }


def _moved(onsets: Sequence[float], ticks: int, divisions: dict[int, int]) -> list[int]:
    """Return onsets at the divisions of their beats, in units."""
    found = []
    for time in onsets:
        division = divisions[int(time // ticks)]
        found.append(round(time / ticks * division) * (QUARTER // division))
    return found


def _misfit(times: Sequence[float], division: int) -> float:
    """Return how far notes of a beat are from a division, and how unusual that is."""
    places = [round(time * division) / division for time in times]
    crowded = len(places) - len(set(places))
    squares = sum((time - place) ** 2 for time, place in zip(times, places, strict=True))
    return squares + _PLAYED[division] + crowded


def _ends(
    begin: Sequence[int], ends: Sequence[float], ticks: int, divisions: dict[int, int]
) -> list[int]:
    """Return when notes end that are played shorter than they are written."""
    found = []
    usual = _usual_length(begin, ends, ticks)
    for index, onset in enumerate(begin):
        end = ends[index] * QUARTER / ticks
        following = begin[index + 1] if index + 1 < len(begin) else None
        # The end of a note in a beat of triplets is that of one of them.
        division = divisions.get(int(end // QUARTER), _SIXTEENTH)
        step = QUARTER // (division if division in _TRIPLETS else _SIXTEENTH)
        rounded = max(-(-int(end - 1) // step), onset // step + 1) * step
        if following is None:
            end = onset + (end - onset) / usual
            beat = int(end) // QUARTER * QUARTER
            rounded = max(-(-int(end - 1) // step), onset // step + 1) * step
            # A last note that is a little too long ends on the beat, and needs no bar for that.
            if onset < beat and end - beat <= step / 2:
                rounded = beat
            # One that is a little too short lasts until the next, as if another followed there.
            elif _is_detached(onset, end, beat + QUARTER):
                rounded = beat + QUARTER
        else:
            gap, whole = following - end, following - onset
            if _is_detached(onset, end, following) or gap <= (1 - usual + _ALIKE) * whole:
                rounded = following
            rounded = min(rounded, following)
        found.append(rounded)
    return found


def _is_detached(onset: int, end: float, following: int) -> bool:
    """Return whether the rest before what follows a note is how the note is played."""
    return following - end <= min(_DETACHED * (following - onset), _LONGEST_DETACHED)


def _is_gated(begin: Sequence[int], ends: Sequence[float], ticks: int) -> bool:
    """Return whether notes of different lengths are all cut short by as much, as staccato is."""
    different = len({following - onset for onset, following in pairwise(begin)}) > 1
    return different and _usual_length(begin, ends, ticks) < 1 - _ALIKE


def _usual_length(begin: Sequence[int], ends: Sequence[float], ticks: int) -> float:
    """Return the part of its time for which each note sounds, if it is almost the same for all."""
    parts = [
        (end * QUARTER / ticks - onset) / (following - onset)
        for (onset, following), end in zip(pairwise(begin), ends, strict=False)
        if following > onset
    ]
    usual = min(median(parts), 1) if parts else 1
    alike = sum(abs(part - usual) <= _ALIKE for part in parts)
    return usual if usual >= _SHORTEST and alike >= _CUT_SHORT * len(parts) else 1


def _without_overlaps(
    sounds: Sequence[Sound], begin: Sequence[int], end: Sequence[int]
) -> list[Sound]:
    """Return the notes at their new times, without those for which there is none."""
    moved = [
        Sound(sound.pitches, onset, finish)
        for sound, onset, finish in zip(sounds, begin, end, strict=True)
    ]
    kept = []
    for sound, following in pairwise([*moved, None]):
        assert sound is not None
        last = sound.end if following is None else min(sound.end, following.onset)
        if last > sound.onset:
            kept.append(Sound(sound.pitches, sound.onset, last))
    return kept
