"""Notes, groups and rests in MusicXML."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from abcgen.errors import NotationError
from abcgen.formats.musicxml.elements import ACCIDENTALS, add, type_of
from abcgen.notation.score import Head, Sign

_MOST_SLURS = 6  # at a time, in readers of MusicXML before version 4
_OCTAVES = range(10)
_MOST_BEAMS = 8

#: Decoration -> the group of elements in which it is written, and its element.
_NOTATIONS = {
    "staccato": ("articulations", "staccato"),
    "accent": ("articulations", "accent"),
    "marcato": ("articulations", "strong-accent"),
    "tenuto": ("articulations", "tenuto"),
    "wedge": ("articulations", "staccatissimo"),
    "breath": ("articulations", "breath-mark"),
    "slide": ("articulations", "scoop"),
    "roll": ("ornaments", "turn"),  # MusicXML has no sign of its own for it
    "turn": ("ornaments", "turn"),
    "invertedturn": ("ornaments", "inverted-turn"),
    "trill": ("ornaments", "trill-mark"),
    "lowermordent": ("ornaments", "mordent"),
    "uppermordent": ("ornaments", "inverted-mordent"),
    "upbow": ("technical", "up-bow"),
    "downbow": ("technical", "down-bow"),
    "open": ("technical", "open-string"),
    "thumb": ("technical", "thumb-position"),
    "snap": ("technical", "snap-pizzicato"),
    "plus": ("technical", "stopped"),
}
_FINGERS = frozenset("012345")


def add_sign(parent: Element, sign: Sign, divisions: int) -> None:
    """Append a note, a group or a rest, with its grace notes.

    Parameters
    ----------
    parent : Element
        The measure.
    sign : Sign
        As `abcgen.notation.engraving.score_of` gives it.
    divisions : int
        The units of a quarter note, of which every duration is a whole number.

    Raises
    ------
    NotationError
        If a note is lower than MusicXML can write.
    """
    for grace in sign.grace:
        _add_note(parent, grace, grace.heads[0], None)
    units = 4 * divisions * sign.duration.numerator // sign.duration.denominator
    if not sign.heads:
        _add_note(parent, sign, None, units)
    for head in sign.heads:
        _add_note(parent, sign, head, units)
    for grace in sign.grace_after:
        _add_note(parent, grace, grace.heads[0], None)


def _add_note(parent: Element, sign: Sign, head: Head | None, units: int | None) -> None:
    """Append one ``note``; one without a duration is a grace note."""
    first = not sign.heads or head is sign.heads[0]
    note = add(parent, "note", print_object="no" if sign.hidden else None)
    if units is None:
        add(note, "grace", slash="yes" if sign.slashed else None)
    if not first:
        add(note, "chord")
    if head is None:
        add(note, "rest", measure="yes" if sign.whole_bar else None)
    else:
        _add_pitch(note, head)
    if units is not None:
        add(note, "duration", units)
    if head is not None:
        for kind in _ties(head):
            add(note, "tie", type=kind)
    add(note, "voice", 1)
    if not sign.whole_bar:
        _add_value(note, sign, head)
    if first:
        for number, state in enumerate(sign.beams[:_MOST_BEAMS], start=1):
            add(note, "beam", state, number=number)
    notations = Element("notations")
    if head is not None:
        for kind in _ties_shown(head):
            add(notations, "tied", type=kind)
    if first:
        _add_notations(notations, sign)
    if len(notations):
        note.append(notations)


def _add_pitch(note: Element, head: Head) -> None:
    if head.octave not in _OCTAVES:
        raise NotationError(
            f"the note {head.letter} in octave {head.octave} is lower than MusicXML can write"
        )
    pitch = add(note, "pitch")
    add(pitch, "step", head.letter)
    if head.alteration:
        add(pitch, "alter", head.alteration)
    add(pitch, "octave", head.octave)


def _add_value(note: Element, sign: Sign, head: Head | None) -> None:
    """Append what is seen of a note: its value, accidental and tuplet."""
    add(note, "type", type_of(sign.value.base))
    for _ in range(sign.value.dots):
        add(note, "dot")
    if head is not None and head.accidental:
        add(note, "accidental", ACCIDENTALS[head.accidental])
    if sign.ratio is not None:
        change = add(note, "time-modification")
        add(change, "actual-notes", sign.ratio.actual)
        add(change, "normal-notes", sign.ratio.normal)


def _ties(head: Head) -> Iterator[str]:
    """Yield the ties that sound."""
    if head.tied_from:
        yield "stop"
    if head.tied_to or head.half_tie == "out":
        yield "start"


def _ties_shown(head: Head) -> Iterator[str]:
    """Yield the ties that are seen; one that has a single end starts and stops at its note."""
    if head.half_tie == "in":
        yield "start"
    if head.tied_from:
        yield "stop"
    if head.tied_to or head.half_tie == "out":
        yield "start"
    if head.half_tie == "out":
        yield "stop"


def _add_notations(notations: Element, sign: Sign) -> None:
    """Append slurs, tuplet brackets and decorations."""
    for kind, numbers in (("stop", sign.slurs_end), ("start", sign.slurs_begin)):
        for number in numbers:
            if number <= _MOST_SLURS:
                add(notations, "slur", type=kind, number=number)
    if sign.tuplet_begins:
        add(notations, "tuplet", type="start", number=1)
    if sign.tuplet_ends:
        add(notations, "tuplet", type="stop", number=1)
    groups: dict[str, Element] = {}
    for name in sign.decorations:
        group, tag = _NOTATIONS.get(name, ("", ""))
        text = None
        if name in _FINGERS:
            group, tag, text = "technical", "fingering", name
        if group:
            if group not in groups:
                groups[group] = add(notations, group)
            add(groups[group], tag, text)
        elif name in ("fermata", "invertedfermata"):
            add(notations, "fermata", type="upright" if name == "fermata" else "inverted")
        elif name == "arpeggio":
            add(notations, "arpeggiate")
