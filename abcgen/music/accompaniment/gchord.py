"""Patterns of an accompaniment that a tune gives: ``%%MIDI gchord fzczfzcz``.

The letters are those of abc2midi, and are played as it plays them: ``f`` the bass, ``c`` the
chord, ``b`` both, ``g`` to ``j`` single notes of the chord from the lowest on, ``G`` to ``J`` the
same an octave lower, ``z`` nothing. A number behind a letter is its length. The whole pattern
fills a bar.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from abcgen.music.accompaniment.chords import Chord

#: MIDI note numbers of the lowest bass (C2) and chord (C3) notes.
_BASS_C, _CHORD_C = 36, 48
_OCTAVE = 12  # semitones
_NOTES = "ghij"
_LONGEST = 1000  # the number behind a letter, and all of them together


class Stroke(NamedTuple):
    """One letter of a pattern, and when it begins and ends, as shares of a bar."""

    letter: str
    begin: Fraction
    end: Fraction


Pattern = tuple[Stroke, ...]


def read_gchord(text: str) -> Pattern | None:
    """Return the pattern of ``gchord fzczfzcz``; None if it is another directive, or wrong."""
    match = re.match(r"gchord\s+((?:[fczbg-jG-J](?:[1-9]\d{0,2})?)+)(?!\S)", text, re.ASCII)
    if match is None:
        return None
    letters = [(letter, int(length or 1)) for letter, length in re.findall(r"(\D)(\d*)", match[1])]
    total = sum(length for _, length in letters)
    if total > _LONGEST:
        return None
    pattern, now = [], 0
    for letter, length in letters:
        pattern.append(Stroke(letter, Fraction(now, total), Fraction(now + length, total)))
        now += length
    return tuple(pattern)


def struck(letter: str, chord: Chord) -> Iterator[tuple[bool, int]]:
    """Yield what a letter plays of a chord: whether it is the bass, and MIDI note numbers."""
    if letter in "fb":
        yield True, _BASS_C + chord.bass
    tones = _tones(chord)
    if letter in "cb":
        yield from ((False, pitch) for pitch in tones)
    elif letter.lower() in _NOTES:
        octaves, place = divmod(_NOTES.index(letter.lower()), len(tones))
        octaves -= letter.isupper()
        yield False, tones[place] + octaves * _OCTAVE


def _tones(chord: Chord) -> list[int]:
    """Return the MIDI note numbers of a chord, the lowest first.

    Those below its bass stand an octave higher, if the bass is one of its notes.
    """
    pitches = [_CHORD_C + pitch for pitch in chord.pitches]
    for lowest in pitches:
        if (lowest - chord.bass) % _OCTAVE == 0:
            return sorted(pitch + _OCTAVE * (pitch < lowest) for pitch in pitches)
    return pitches
