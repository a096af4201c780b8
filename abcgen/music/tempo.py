"""The tempo of a tune: its own Q:, or what is usual for its rhythm or metre."""

import re
from dataclasses import dataclass
from fractions import Fraction

from abcgen.notation.tune import Tune

#: Limits of tempos, in quarter notes a minute; MIDI files cannot hold less than 3.6.
SLOWEST, FASTEST = 4.0, 1000.0
_QUARTER = Fraction(1, 4)  # of a whole note

#: Rhythm (R:) -> the usual tempo for dancing, in quarter notes a minute. The first match wins.
RHYTHM_QPM = {
    "slow air": 60,
    "air": 72,
    "slip": 165,  # dotted crotchet 110
    "slide": 188,
    "single jig": 180,
    "jig": 165,
    "reel": 190,
    "hornpipe": 150,
    "strathspey": 120,
    "polka": 125,
    "waltz": 138,
    "mazurka": 130,
    "barndance": 160,
    "schottische": 150,
    "march": 110,
}
#: Metre (M:) -> the same, for tunes without a known rhythm.
METER_QPM = {
    "6/8": 165,
    "9/8": 165,
    "12/8": 180,
    "3/4": 138,
    "2/4": 120,
    "C|": 180,
    "2/2": 180,
    "4/4": 160,
    "C": 160,
}
_OTHER_QPM = 120


@dataclass(frozen=True, slots=True)
class WrittenTempo:
    """What Q: says: so many beats a minute, each of so many whole notes, and its words."""

    words: str
    beat: Fraction | None
    count: float = 0.0

    @property
    def qpm(self) -> float | None:
        """The tempo in quarter notes a minute; None where it is out of range or not said."""
        qpm = self.count * float((self.beat or 0) / _QUARTER)
        return qpm if SLOWEST <= qpm <= FASTEST else None


def written_tempo(tune: Tune) -> WrittenTempo:
    """Return what Q: says.

    The old form ``Q:120`` is read as quarter notes, as abc2midi does.
    """
    field = tune.field("Q") or ""
    words = " ".join(re.findall(r'"([^"]*)"', field))
    text = re.sub(r'"[^"]*"', " ", field).strip()
    match = re.fullmatch(r"(?P<beats>[^=]*=)?\s*(?P<count>\d{1,4}(?:\.\d{1,6})?)", text)
    if match is None:
        return WrittenTempo(words, None)
    return WrittenTempo(words, _beat(match["beats"] or "1/4=", tune), float(match["count"]))


def tempo_of(tune: Tune) -> float:
    """Return the tempo of a tune in quarter notes a minute: its Q:, or what is usual."""
    written = written_tempo(tune).qpm
    if written is not None:
        return written
    rhythm = (tune.field("R") or "").lower()
    for name, qpm in RHYTHM_QPM.items():
        if re.search(rf"\b{name}", rhythm):
            return qpm
    return METER_QPM.get((tune.field("M") or "4/4").strip(), _OTHER_QPM)


def _beat(text: str, tune: Tune) -> Fraction:
    """Return the beat of Q: in whole notes: ``3/8=``, ``1/4 3/8=``, the old ``C=`` and ``C3=``."""
    old = re.fullmatch(r"C(\d{0,2})\s*=", text.strip())
    if old:
        return tune.setting.unit * int(old[1] or 1)
    parts = re.findall(r"(\d{1,2})/(\d{1,2})", text)
    return sum((Fraction(int(a), int(b)) for a, b in parts if int(b)), Fraction(0))
