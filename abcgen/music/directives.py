"""What a tune says to programs that play it: ``%%MIDI program`` and ``%%MIDI transpose``.

They count where they stand before the music, as ``%%MIDI`` or, as the ABC standard 2.1 writes
directives, ``I:MIDI``. Other directives, and numbers that are out of range, are ignored.
"""

import re
from collections.abc import Iterator

from abcgen.notation.tune import Tune

_HIGHEST = 127  # MIDI programs, and note numbers


def program_in(tune: Tune) -> int | None:
    """Return the MIDI program, counted from 0, that the tune asks for; None without one.

    ``program 2 24`` is for channel 2, which is not the melody's.
    """
    programs = [
        int(match[2])
        for text in _directives(tune)
        if (match := re.fullmatch(r"program\s+(?:(\d{1,2})\s+)?(\d{1,3})", text, re.ASCII))
        and int(match[1] or 1) == 1
        and int(match[2]) <= _HIGHEST
    ]
    return programs[-1] if programs else None


def transposition_in(tune: Tune) -> int:
    """Return the semitones by which the tune is to sound higher, or lower if negative."""
    found = [
        int(match[1])
        for text in _directives(tune)
        if (match := re.fullmatch(r"transpose\s+([+-]?\d{1,3})", text, re.ASCII))
        and abs(int(match[1])) <= _HIGHEST
    ]
    return found[-1] if found else 0


def _directives(tune: Tune) -> Iterator[str]:
    """Yield directives without ``%%MIDI`` or ``I:MIDI``."""
    for letter, value in tune.header:
        match = re.match(r"MIDI\s*=?\s*(.*)", value)
        if letter == "I" and match:
            yield match[1].strip()
    yield from tune.directives
