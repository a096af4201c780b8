"""The endpoints by which the page plays: when each note sounds, and the tones."""

import re
from collections.abc import Mapping
from typing import Any

from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.tunes import ABC, MOST_SECONDS, limited
from abcgen.studio.workshop import Workshop

_LONGEST_TONE = 12


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
)
