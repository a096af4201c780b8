"""The pitches of a tune as written, and what each sounds by key, accidentals and ties."""

from dataclasses import dataclass, field
from functools import lru_cache

from abcgen.errors import NotationError
from abcgen.notation.keys import signature
from abcgen.notation.tokens import Pitch

#: A letter and its octave in MEI, in which 4 is that of middle C.
Place = tuple[str, int]

_OF_C = 4
_OCTAVES = range(10)  # those that MEI can write
_ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
#: Accidental -> as it is drawn.
_DRAWN = {"^^": "x", "^": "s", "=": "n", "_": "f", "__": "ff"}
#: Semitones -> how MEI writes an accidental that sounds, but is not drawn.
_SOUNDING = {2: "ss", 1: "s", 0: "n", -1: "f", -2: "ff"}


@dataclass(frozen=True, slots=True)
class Tie:
    """An open tie: the id of the note where it begins, and its alteration in semitones."""

    start: str
    alteration: int


@dataclass(slots=True)
class Pitches:
    """What holds at a place in the tune.

    Attributes
    ----------
    key : dict of str to int
        Letter -> semitones, of the key signature.
    altered : dict of Place to int
        The accidentals of the bar.
    tied : dict of Place to Tie
        The ties that the sound before has left open; one without a start comes from the bar line.
    """

    key: dict[str, int] = field(default_factory=dict)
    altered: dict[Place, int] = field(default_factory=dict)
    tied: dict[Place, Tie] = field(default_factory=dict)

    def begin_bar(self, key: str) -> None:
        """Begin a bar in a key; accidentals end there, ties do not."""
        self.key, self.altered = signature(key), {}

    def sound(self, pitch: Pitch) -> tuple[int, str]:
        """Read a note; return its alteration in semitones, and its attributes."""
        place = place_of(pitch)
        waiting = self.tied.get(place)
        if pitch.accidental:
            alteration = self.altered[place] = _ALTERATIONS[pitch.accidental]
        elif waiting is not None:
            alteration = waiting.alteration  # a tie keeps the accidental across a bar line
        else:
            alteration = self.altered.get(place, self.key.get(place[0], 0))
        return alteration, self._attributes(pitch, place, alteration)

    def grace(self, pitch: Pitch) -> str:
        """Return the attributes of a grace note, whose accidental is for itself alone."""
        place = place_of(pitch)
        alteration = self.altered.get(place, self.key.get(place[0], 0))
        if pitch.accidental:
            alteration = _ALTERATIONS[pitch.accidental]
        return self._attributes(pitch, place, alteration)

    def _attributes(self, pitch: Pitch, place: Place, alteration: int) -> str:
        letter, octave = place
        accidental = ""
        if pitch.accidental:
            accidental = f' accid="{_DRAWN[pitch.accidental]}"'
        elif alteration or letter in self.key:
            accidental = f' accid.ges="{_SOUNDING[alteration]}"'
        return f' pname="{letter.lower()}" oct="{octave}"{accidental}'


@lru_cache(1024)
def place_of(pitch: Pitch) -> Place:
    """Return a pitch's letter and octave.

    Raises
    ------
    NotationError
        If it is beyond ten octaves.
    """
    octave = _OF_C + pitch.letter.islower() + pitch.octave.count("'") - pitch.octave.count(",")
    if octave not in _OCTAVES:
        shown = f"{pitch.accidental}{pitch.letter}{pitch.octave[:10]}"
        raise NotationError(f"the note {shown} is too high or too low to be drawn")
    return pitch.letter.upper(), octave
