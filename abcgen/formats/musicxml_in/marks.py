"""Marks in MusicXML that send a player to another place: D.C., D.S., segno, coda, fine."""

from xml.etree.ElementTree import Element

from abcgen.notation.jumps import LEAVING, mark_of

#: Attribute of ``sound`` -> the mark.
_SOUNDS = {
    "dacapo": "D.C.",
    "dalsegno": "D.S.",
    "tocoda": "to coda",
    "fine": "fine",
    "segno": "segno",
    "coda": "coda",
}


def mark_in(element: Element) -> str | None:
    """Return the mark of a ``direction`` or ``sound``, or None.

    Words say most, such as al Fine; then what is to be played; then a sign.
    """
    words = "".join(one.text or "" for one in element.iter("words")).strip()
    said = mark_of(words) if len(words) > 1 else None
    if said in LEAVING:
        return said
    sound = element if element.tag == "sound" else element.find("sound")
    if sound is not None:
        for name, mark in _SOUNDS.items():
            if sound.get(name, "no") != "no":
                return mark
    signs = (
        name for name in ("segno", "coda") if element.find(f"direction-type/{name}") is not None
    )
    return said or next(signs, None)


def written_marks(marks: list[str], *, leaving: bool) -> str:
    """Return the marks that stand before a bar, or those that send away behind it, as in ABC."""
    return "".join(
        f"!{mark.replace(' ', '').replace('tocoda', 'dacoda')}!"
        for mark in marks
        if (mark in LEAVING) == leaving
    )
