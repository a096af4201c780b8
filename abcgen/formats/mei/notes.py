"""Notes, chords, grace notes and rests as MEI."""

from collections.abc import Callable, Sequence

from abcgen.formats.mei.signs import ARTICULATIONS
from abcgen.notation.keys import signature
from abcgen.notation.score import Head, Measure, Sign
from abcgen.notation.values import Value

_SHORTEST = 1024  # the denominator of the shortest value that can be drawn
#: Accidental -> as it is drawn.
_DRAWN = {"^^": "x", "^": "s", "=": "n", "_": "f", "__": "ff"}
#: Semitones -> how MEI writes an accidental that sounds, but is not drawn.
_SOUNDING = {2: "ss", 1: "s", 0: "n", -1: "f", -2: "ff"}


class NoteWriter:
    """Writes the signs of a bar; each note has the id ``n`` and its offset in the text.

    Groups have ``g`` and rests ``r`` instead. Of several signs for one note, the second ends in
    ``-1``.
    """

    def __init__(self, offset_of: Callable[[int], int], measure: Measure) -> None:
        self._offset_of = offset_of
        self._key = signature(measure.setting.key)

    def identity(self, sign: Sign) -> str:
        """Return the id of a note, group or rest."""
        return self._id("g" if is_group(sign) else "n" if sign.heads else "r", sign.position, sign)

    def head_identities(self, sign: Sign, identity: str) -> list[str]:
        """Return the ids of the notes of a sign with this id, alone or in a group."""
        if not is_group(sign):
            return [identity] if sign.heads else []
        return [self._id("n", head.position, sign) for head in sign.heads]

    def _id(self, kind: str, position: int, sign: Sign) -> str:
        offset = self._offset_of(position)
        return f"{kind}{offset}-{sign.nth}" if sign.nth else f"{kind}{offset}"

    def xml(self, sign: Sign, identity: str, heads: Sequence[str]) -> str:
        """Return the element of a note, group or rest, and those of its grace notes.

        Its id and those of its heads are given.
        """
        begin = f' xml:id="{identity}"'
        if not sign.heads:
            name = "space" if sign.hidden else "rest"
            if sign.whole_bar:
                return f"<m{name.capitalize()}{begin}/>"
            return f"<{name}{begin}{_value(sign.value)}/>"
        begin += _value(sign.value) + _articulations(sign)
        if is_group(sign):
            members = "".join(
                f'<note xml:id="{one}"{self._pitch(head)}/>'
                for one, head in zip(heads, sign.heads, strict=True)
            )
            note = f"<chord{begin}>{members}</chord>"
        else:
            note = f"<note{begin}{self._pitch(sign.heads[0])}/>"
        if not (sign.grace or sign.grace_after):
            return note
        return self._graces(sign.grace) + note + self._graces(sign.grace_after)

    def _graces(self, signs: Sequence[Sign]) -> str:
        """Return grace notes that stand together."""
        if not signs:
            return ""
        notes = "".join(map(self._grace, signs))
        inside = f"<beam>{notes}</beam>" if signs[0].beams else notes
        return f"<graceGrp>{inside}</graceGrp>"

    def _grace(self, sign: Sign) -> str:
        """Return one grace note; a slash is drawn where ``{/`` is written."""
        kind = 'grace="unacc" stem.mod="1slash"' if sign.slashed else 'grace="acc"'
        return (
            f'<note xml:id="{self.identity(sign)}" {kind}{_value(sign.value)} stem.dir="up"'
            f"{self._pitch(sign.heads[0])}/>"
        )

    def _pitch(self, head: Head) -> str:
        accidental = ""
        if head.accidental:
            accidental = f' accid="{_DRAWN[head.accidental]}"'
        elif head.alteration or head.letter in self._key:
            accidental = f' accid.ges="{_SOUNDING[head.alteration]}"'
        return f' pname="{head.letter.lower()}" oct="{head.octave}"{accidental}'


def is_group(sign: Sign) -> bool:
    """Return whether notes stand in brackets, even if it is only one."""
    return bool(sign.heads) and sign.heads[0].position != sign.position


def _value(value: Value) -> str:
    """Return the attributes of a note value; the shortest one for those that are shorter still."""
    name = "breve" if value.base.numerator > 1 else min(value.base.denominator, _SHORTEST)
    return f' dur="{name}" dots="{value.dots}"' if value.dots else f' dur="{name}"'


def _articulations(sign: Sign) -> str:
    found = [ARTICULATIONS[name] for name in sign.decorations if name in ARTICULATIONS]
    return f' artic="{" ".join(found)}"' if found else ""
