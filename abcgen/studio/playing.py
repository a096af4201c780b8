"""How the page plays: when each note sounds, and the tones; and how it writes what is played."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.tunes import ABC, MOST_SECONDS, limited
from abcgen.studio.workshop import Workshop

_LONGEST_TONE = 12
_NOTE = re.compile(r"(\d{1,3}|z):(\d{1,2}(?:/[1-9])?)")


def schedule(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return when each note of a tune sounds, in seconds at the tune's own tempo."""
    from abcgen.api.playing import schedule_of

    tune = limited(asked["abc"])
    if tune.seconds() > MOST_SECONDS:
        raise RefusedError(422, f"the tune takes longer than {MOST_SECONDS // 60} minutes")
    return schedule_of(tune)._asdict()


def tones(shop: Workshop, asked: Mapping[str, Any]) -> File:
    """Return tones of an instrument one behind the other, equally long, as WAV."""
    from abcgen.api.playing import tones as tones_of

    if not re.fullmatch(r"\d{1,3}(,\d{1,3})*", asked["pitches"]):
        raise RefusedError(422, "pitches must be MIDI note numbers such as 60,62")
    pitches = [int(pitch) for pitch in asked["pitches"].split(",")]
    content = tones_of(pitches, instrument=asked["instrument"], seconds=asked.get("seconds", 1.5))
    return File(content, "audio/wav", "wav")


def written(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return notes that were played one by one as the music of an opening, in ABC."""
    from abcgen.api.entering import Played
    from abcgen.api.entering import written as music_of

    notes = []
    for note in asked["notes"].split():
        found = _NOTE.fullmatch(note)
        if not found:
            raise RefusedError(422, f"notes must be such as 62:1 z:2 66:1/2, found {note[:40]!r}")
        pitch, eighths = found.groups()
        notes.append(Played(None if pitch == "z" else int(pitch), Fraction(eighths)))
    return {"abc": music_of(notes, key=asked["key"], meter=asked["meter"])}


ENDPOINTS = (
    Endpoint("POST", "/api/schedule", schedule, {"abc": ABC}),
    Endpoint(
        "POST",
        "/api/tones",
        tones,
        {
            "instrument": Field(str, "a General MIDI name, such as flute", 1, 40, needed=True),
            "pitches": Field(str, "MIDI note numbers such as 60,62", 1, 300, needed=True),
            "seconds": Field(float, "how long each is held", 0.1, _LONGEST_TONE),
        },
    ),
    Endpoint(
        "POST",
        "/api/written",
        written,
        {
            "notes": Field(
                str,
                "MIDI note numbers, or z for a rest, each with its length in eighths: 62:1 z:2",
                1,
                2_000,
                needed=True,
            ),
            "key": Field(str, "such as Edor", 1, 20, needed=True),
            "meter": Field(str, "such as 6/8", 1, 10, needed=True),
        },
    ),
)
