"""The bars of a MusicXML part written as ABC."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from abcgen.errors import CorpusError, NotationError
from abcgen.formats.bar_text import WHOLE, Accidentals, Event, bar_text
from abcgen.formats.chord_places import with_chords
from abcgen.formats.midi_in.keys import key_of_signature
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import pitch_of
from abcgen.formats.musicxml import KEYS_FIELD
from abcgen.formats.musicxml_in.marks import written_marks
from abcgen.formats.musicxml_in.measures import Placed, ReadMeasure, Time
from abcgen.music.tempo import FASTEST, SLOWEST
from abcgen.notation.keys import MODES, SEMITONES, fifths_of, read_key
from abcgen.notation.tune import read_meter

#: Mode in MusicXML -> as ABC spells it.
_MODES = {
    "major": "",
    "ionian": "",
    "mixolydian": "mix",
    "dorian": "dor",
    "minor": "m",
    "aeolian": "m",
    "phrygian": "phr",
    "locrian": "loc",
    "lydian": "lyd",
}
#: What the name of a file ends with, which some programs write where the title should stand.
_FILE_NAME = re.compile(r"\.(mxl|musicxml|xml|mscz|mscx|sib|mus|musx|midi?|krn)$", re.IGNORECASE)
_BARS_IN_LINE = 4


def abc_of(root: Element, measures: Sequence[ReadMeasure], name: str) -> str:
    """Return a tune as ABC.

    Parameters
    ----------
    root : Element
        The ``score-partwise``, for title, composer and rhythm.
    measures : sequence of ReadMeasure
        The bars of the melody.
    name : str
        The title where the file has none.

    Raises
    ------
    CorpusError
        If the file has no metre.
    NotationError
        If a tuplet cannot be written.
    """
    keys, meters = keys_of(root, measures), meters_of(measures)
    first = measures[0]
    header = ["X:1", f"T:{title_of(root) or name or 'Untitled'}"]
    header += [
        f"C:{_words(one.text)}"
        for one in root.findall("identification/creator")
        if one.get("type") == "composer" and one.text
    ]
    rhythm = root.find("identification/miscellaneous/miscellaneous-field[@name='rhythm']")
    if rhythm is not None and rhythm.text:
        header.append(f"R:{_words(rhythm.text)}")
    header += [f"M:{meters[0]}", "L:1/8"]
    if first.tempo is not None and SLOWEST <= first.tempo <= FASTEST:
        header.append(f"Q:1/4={first.tempo:g}")
    if first.transposition:
        header.append(f"%%MIDI transpose {first.transposition}")
    header.append(f"K:{keys[0]}")
    return "\n".join([*header, *_lines(measures, keys, meters)]) + "\n"


def title_of(root: Element) -> str:
    """Return the title of a tune, or nothing; the name of a file is none."""
    title = _words(root.findtext("work/work-title") or root.findtext("movement-title"))
    return "" if _FILE_NAME.search(title) else title


def _words(text: str | None) -> str:
    """Return a text on one line, without what begins a comment."""
    return " ".join((text or "").replace("%", " ").split())


def meters_of(measures: Sequence[ReadMeasure]) -> list[str]:
    """Return the metre of each bar."""
    meters: list[str] = []
    for measure in measures:
        if measure.meter is None and not meters:
            raise CorpusError("the MusicXML file says no metre, so it has no bars")
        meters.append(measure.meter or meters[-1])
    return meters


def keys_of(root: Element, measures: Sequence[ReadMeasure]) -> list[str]:
    """Return the key of each bar; where the file names no mode, that of its notes."""
    said = [index for index, one in enumerate(measures) if one.fifths is not None]
    named = dict(zip(said, _named_keys(root, len(said)), strict=False))
    keys = ["C"] * len(measures)
    for index, stop in zip([0, *said], [*said, len(measures)], strict=True):
        fifths, mode = measures[index].fifths or 0, _MODES.get(measures[index].mode or "")
        name = named.get(index, "")
        if abs(fifths) > 7:
            raise CorpusError(f"the MusicXML file has a key of {abs(fifths)} accidentals")
        # Accidentals of its own stand in place of fifths.
        if name and (" " in name or fifths_of(name) == fifths):
            key = name
        elif mode is None:
            line = _sounds(measures[index:stop])
            key = key_of_signature(fifths, line) if line else _named(fifths, "")
        else:
            key = _named(fifths, mode)
        keys[index:stop] = [key] * (stop - index)
    return keys


def _named_keys(root: Element, count: int) -> list[str]:
    """Return the names that abcgen's own files give to their key signatures, or nothing."""
    path = f"identification/miscellaneous/miscellaneous-field[@name='{KEYS_FIELD}']"
    try:
        names = [
            read_key(name.strip()).key or "" for name in (root.findtext(path) or "").split(",")
        ]
    except NotationError:
        return []
    return names if len(names) == count else []


def _named(fifths: int, mode: str) -> str:
    """Return the key of a signature and a mode."""
    return next(
        letter + sign + mode
        for letter in SEMITONES
        for sign in ("", "#", "b")
        if mode in MODES and fifths_of(letter + sign + mode) == fifths
    )


def _sounds(measures: Sequence[ReadMeasure]) -> list[Sound]:
    """Return the notes of bars as what tells a key is given: the highest of each place."""
    found = []
    for measure in measures:
        for note in measure.notes:
            if note.heads:
                pitch = pitch_of(note.heads[-1].letter, note.heads[-1].alteration)
                found.append(Sound((pitch,), int(note.onset), int(note.onset + note.length)))
    return found


def _lines(
    measures: Sequence[ReadMeasure], keys: Sequence[str], meters: Sequence[str]
) -> list[str]:
    """Return the body, four bars on a line."""
    lines: list[str] = []
    line, count = "", 0
    for index, measure in enumerate(measures):
        line += _opening(measures, index)
        if index:
            line += "".join(
                f"[{letter}:{values[index]}]"
                for letter, values in (("M", meters), ("K", keys))
                if values[index] != values[index - 1]
            )
            if measure.tempo is not None and SLOWEST <= measure.tempo <= FASTEST:
                line += f"[Q:1/4={measure.tempo:g}]"
        full = int(WHOLE * read_meter(meters[index]))
        line += written_marks(measure.marks, leaving=False)
        line += _bar(measure, keys[index], meters[index], full, pickup=index == 0)
        line += written_marks(measure.marks, leaving=True)
        count += 1
        last = index + 1 == len(measures)
        line += _closing(measure, last)
        ends_section = measure.backward or (not last and measures[index + 1].forward)
        if count == _BARS_IN_LINE or last or ends_section:
            lines.append(line)
            line, count = "", 0
    return lines


def _opening(measures: Sequence[ReadMeasure], index: int) -> str:
    """Return the bar line before a bar, as far as the one after the bar before is not enough."""
    measure = measures[index]
    times = next((one.backward for one in measures[index:] if one.backward), 2)
    text = "|" + ":" * (times - 1) if measure.forward else ""
    return text + (f"[{measure.ending} " if measure.ending else "")


def _closing(measure: ReadMeasure, last: bool) -> str:
    """Return the bar line after a bar."""
    if measure.backward:
        return ":" * (measure.backward - 1) + "|"
    if measure.style == "light-light":
        return "||"
    return "|]" if last or measure.style == "light-heavy" else "|"


def _bar(measure: ReadMeasure, key: str, meter: str, full: int, pickup: bool) -> str:
    """Return the music of a bar."""
    accidentals = Accidentals(key)
    events: list[Event] = []
    now: Time = 0
    placed = list(measure.notes)
    if not placed and measure.length:
        placed = [Placed(0, measure.length)]
    for note in placed:
        if note.onset > now:
            events.append(Event((), note.onset - now, now))
        if note.onset < now:
            continue  # it overlaps with the one before, in a voice that is none
        heads = sorted(note.heads, key=lambda head: pitch_of(head.letter, head.alteration))
        events.append(Event(heads, note.length, note.onset, _before(note, accidentals)))
        now = note.onset + note.length
    if 0 < now < measure.length:
        events.append(Event((), measure.length - now, now))
    short = pickup and measure.length < full
    origin = measure.length - full if short else 0
    return bar_text(with_chords(events, measure.chords, origin), accidentals, meter, origin)


def _before(note: Placed, accidentals: Accidentals) -> str:
    """Return the grace notes and decorations before a note."""
    grace = "".join(accidentals.written(head, passing=True) for head in note.grace)
    return (f"{{{grace}}}" if grace else "") + note.decorations
