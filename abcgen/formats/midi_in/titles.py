"""The title of a MIDI file."""

import re

from abcgen.formats.midi_in.events import Recording
from abcgen.grammar.titles import plain_text

#: Names of tracks that are no titles.
_NO_TITLE = re.compile(
    r"(un(titled|named|benannt)|track|piano|grand piano|melody|lead|voice|vocals?|chords?|bass|"
    r"drums?|tempo( track)?|conductor|control( track)?|staff|instrument|part|midi|seq(uence)?|"
    r"new song|solo|violin|fiddle|flute|guitar|strings|acoustic .*|electric .*)[\s\d#:.\-]*",
    re.IGNORECASE,
)


def title_of(recording: Recording, file_name: str = "") -> str:
    """Return the name of the first track, if it is a title, or else the name of the file.

    In a file of one track this is the name of the piece, in others the first track has it.
    """
    first = recording.names[0] if recording.names else ""
    # Titles are written in plain letters, and a percent sign would begin a comment.
    if not _NO_TITLE.fullmatch(first) and any(c.isalpha() for c in plain_text(first)):
        return " ".join(first.replace("%", " ").split())
    words = re.sub(r"[_\-\s%]+", " ", file_name).strip()
    return words or "Untitled"
