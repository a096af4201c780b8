"""Which part of a MIDI file is the melody."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

from abcgen.errors import UsageError
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.pitches import OCTAVE

#: Names of tracks that are melodies, and those of parts that go with one.
_MELODY = re.compile(
    r"melod|vocal|voice|voix|stimme|sing|sopran|solo|lead|tune|theme|treble|descant|right|\brh\b"
    r"|fiddle|violin|flute|whistle|oboe",
    re.IGNORECASE,
)
#: Those who play the same instrument are numbered.
_FIRST, _SECOND = re.compile(r"\b(I|1)\b"), re.compile(r"\b(II|2)\b")
#: Names that programs give to parts, which say nothing.
_NUMBERED = re.compile(
    r"(?:(?:track|staff|stave|part|midi|ch(?:annel|an)?|instrument|sp.r|spur|piste|pista|voice)"
    r"[\W_]*)+\d*",
    re.IGNORECASE,
)
_ACCOMPANIMENT = re.compile(
    r"bass|chord|accomp|\bacc\b|guitar|string|pad|drum|perc|back|harmon|rhythm|left|\blh\b|alto|tenor"
    r"|cordas|cordes|streich|cello|viola\b|tuba|arpegg|walk|counter|comp\b|plectrum|pick(ing|ed)",
    re.IGNORECASE,
)
_BASS_PROGRAMS = range(32, 40)
#: MIDI note numbers between which the middle of most melodies lies.
_LOWEST, _HIGHEST = 60, 84
_FEW_NOTES = 8
#: By how much less a part may look like a melody than the best one, to be as good.
_ALIKE = 0.15
#: The part of the longest part's time for which a melody sounds.
_MOSTLY = 0.25
#: The notes of a turn of a melody, and the bits from which on its turns are as various as they can
#: be: 64, each as often.
_TURN, _VARIOUS = 3, 6


def melody_of(parts: Sequence[Part], track: int | str | None = None) -> Part:
    """Return the part that is the melody.

    Parameters
    ----------
    parts : sequence of Part
        At least one.
    track : int or str, optional
        The number of its track from 1, or a part of the track's name, if the user says which.

    Notes
    -----
    The name of a part counts most, then how much of it is one note at a time, how various its
    turns are, how long it plays, and whether it lies where melodies do; of parts that are about
    as good, the highest.

    Raises
    ------
    UsageError
        If there is no such track, or it has no notes.
    """
    chosen = list(parts) if track is None else _asked_for(parts, track)
    longest = max(_sounding(part) for part in chosen)
    scores = [_score(part, longest) for part in chosen]
    alike = [
        part for part, score in zip(chosen, scores, strict=True) if score >= max(scores) - _ALIKE
    ]
    return max(alike, key=lambda part: (_middle(part), -part.track))


def _asked_for(parts: Sequence[Part], track: int | str) -> list[Part]:
    if isinstance(track, int) or track.isdecimal():
        found = [part for part in parts if part.track == int(track)]
    else:
        found = [part for part in parts if track.lower() in part.name.lower()]
    if not found:
        tracks = dict.fromkeys(f"{part.track} ({part.name or 'no name'})" for part in parts)
        raise UsageError(f"no track {track!r} with notes; those with notes: {', '.join(tracks)}")
    return found


def _score(part: Part, longest: int) -> float:
    """Return how much a part looks like a melody."""
    middle = _middle(part)
    outside = max(_LOWEST - middle, 0, middle - _HIGHEST)
    # One that rests for most of a song is a solo, or a signal, but not the tune.
    absent = max(_MOSTLY - _sounding(part) / longest, 0) / _MOSTLY
    score = 2 * _share_alone(part) + _sounding(part) / longest - outside / 6 - 2 * absent
    score += 2 * min(_variety(part) / _VARIOUS, 1)
    name = "" if _NUMBERED.fullmatch(part.name) else part.name
    # A lead guitar, or a solo of strings, may be either.
    score += 2 * (_MELODY.search(name) is not None)
    score -= 2 * (_ACCOMPANIMENT.search(name) is not None or part.program in _BASS_PROGRAMS)
    score += (_FIRST.search(name) is not None) - (_SECOND.search(name) is not None)
    return score - 2 * (len(part.notes) < _FEW_NOTES)


def _middle(part: Part) -> float:
    return fmean(note.pitch for note in part.notes)


def _sounding(part: Part) -> int:
    """Return the ticks in which the part sounds, as if its notes never overlapped."""
    return sum(
        min(note.end, following.onset) - note.onset
        for note, following in pairwise(part.notes)
        if following.onset > note.onset
    ) + (part.notes[-1].end - part.notes[-1].onset)


def _share_alone(part: Part) -> float:
    """Return the share of notes that are over, or almost, when the next one begins.

    Octaves are one line.
    """
    highest = {(note.onset, note.pitch % OCTAVE): note for note in part.notes}
    notes = list(highest.values())
    alone = sum(
        following.onset - note.onset > (note.end - note.onset) * 0.8
        for note, following in pairwise(notes)
    )
    return (alone + 1) / len(notes)


def _variety(part: Part) -> float:
    """Return how various the turns of a part are, in bits; those of an ostinato are always alike.

    A turn is some notes one after the other, the highest of those at once.
    """
    highest = {note.onset: note.pitch for note in sorted(part.notes, key=lambda note: note.pitch)}
    pitches = [highest[onset] for onset in sorted(highest)]
    turns = Counter(zip(*(pitches[place:] for place in range(_TURN)), strict=False)).values()
    whole = sum(turns)
    return sum(count / whole * math.log2(whole / count) for count in turns)
