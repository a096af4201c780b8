"""What a tune says to programs that play it: ``%%MIDI program`` and the like.

They stand as ``%%MIDI`` or, as the ABC standard 2.1 writes directives, as ``I:MIDI``, before the
music or in it, and then hold from there on, as with abc2midi. Other directives are ignored, and so
are numbers that are out of range, of which `abcgen.music.doubts` warns.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TypeVar

from abcgen.music.notes import Direction
from abcgen.notation.tune import Tune

T = TypeVar("T")
#: What holds, and from which onset on, in whole notes; the first from 0.
Steps = Sequence[tuple[Fraction, T]]
_HIGHEST = 127  # MIDI programs, and note numbers


def transposition_in(tune: Tune) -> int:
    """Return by how many semitones the tune begins higher than written, or lower if negative."""
    return steps_of(tune, (), read_transposition, 0)[0][1]


def read_program(text: str) -> int | None:
    """Return the MIDI program of ``program 73``, counted from 0.

    ``program 2 24`` is for channel 2, which is not the melody's.
    """
    match = re.fullmatch(r"program\s+(?:(\d{1,2})\s+)?(\d{1,3})", text, re.ASCII)
    if match and int(match[1] or 1) == 1 and int(match[2]) <= _HIGHEST:
        return int(match[2])
    return None


def read_transposition(text: str) -> int | None:
    """Return the semitones of ``transpose -12``."""
    match = re.fullmatch(r"transpose\s+([+-]?\d{1,3})", text, re.ASCII)
    return int(match[1]) if match and abs(int(match[1])) <= _HIGHEST else None


def read_chords_on(text: str) -> bool | None:
    """Return whether chord symbols are accompanied: ``gchordon`` or ``gchordoff``."""
    return {"gchordon": True, "gchordoff": False}.get(text)


def read_player(name: str, text: str) -> tuple[int, int] | None:
    """Return program, counted from 0, and octaves up, of ``chordprog 24 octave=-1``.

    `name` is ``chordprog`` or ``bassprog``. What else follows the number means nothing.
    """
    match = re.match(rf"{name}\s+(\d{{1,3}})(?!\S)(.*)", text, re.ASCII)
    if match is None or int(match[1]) > _HIGHEST:
        return None
    octaves = re.search(r"octave=([+-]?[0-2])(?!\S)", match[2], re.ASCII)
    return int(match[1]), int(octaves[1]) if octaves else 0


def read_volume(name: str, text: str) -> int | None:
    """Return the velocity of ``chordvol 50``; `name` is ``chordvol`` or ``bassvol``."""
    match = re.fullmatch(rf"{name}\s+(\d{{1,3}})", text, re.ASCII)
    return int(match[1]) if match and int(match[1]) <= _HIGHEST else None


def steps_of(
    tune: Tune, directions: Iterable[Direction], read: Callable[[str], T | None], first: T
) -> list[tuple[Fraction, T]]:
    """Return what directives say, and from which onset on.

    Parameters
    ----------
    tune : Tune
        Its directives before the music.
    directions : iterable of Direction
        Those in the music.
    read : callable
        Returns what a directive says, or None if it is another one.
    first : object
        What holds where nothing is said.
    """
    found = {Fraction(0): first}
    start = Fraction(0)
    said = [*((start, text) for text in said_in_header(tune)), *said_in_body(directions)]
    for onset, text in said:
        value = read(text)
        if value is not None:
            found[onset] = value
    return list(found.items())


def step_at(steps: Steps[T], time: Fraction) -> T:
    """Return what holds at a time, in whole notes."""
    index = bisect_right(steps, time, key=lambda step: step[0]) - 1
    return steps[max(index, 0)][1]


def said_in_header(tune: Tune) -> list[str]:
    """Return the directives before the music, without ``%%MIDI`` or ``I:MIDI``."""
    fields = [match[1] for letter, value in tune.header if letter == "I" and (match := _of(value))]
    return [said.strip() for said in (*fields, *tune.directives)]


def said_in_body(directions: Iterable[Direction]) -> list[tuple[Fraction, str]]:
    """Return onsets, and the directives in the music, without ``MIDI``."""
    return [
        (one.onset, match[1].strip())
        for one in directions
        if one.letter == "I" and (match := _of(one.value))
    ]


def _of(value: str) -> re.Match[str] | None:
    """Return a match whose first group is the directive of a field I:, or None."""
    return re.match(r"MIDI\s*=?\s*(.*)", value)
