"""The tempo of a tune: its own Q:, or what is usual for its rhythm or metre."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from abcgen.music.notes import Direction
from abcgen.notation.meters import is_compound
from abcgen.notation.tune import Setting, Tune

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
#: Words of Q: -> beats a minute, where it has no number; a beat is a quarter note, or three
#: eighths in a compound metre. The longest word that the text contains wins.
WORD_BPM = {
    "grave": 40,
    "largo": 48,
    "larghetto": 63,
    "lento": 54,
    "adagio": 66,
    "adagietto": 72,
    "andante": 80,
    "andantino": 88,
    "moderato": 108,
    "allegretto": 116,
    "allegro": 132,
    "animato": 132,
    "vivace": 152,
    "presto": 176,
    "prestissimo": 200,
    "very slow": 50,
    "slow": 60,
    "moderate": 108,
    "lively": 132,
    "fast": 144,
    "quick": 144,
    "very fast": 176,
}
#: What people call the notes that a tempo counts -> how they are written.
_NAMES = {"half": "1/2", "minim": "1/2", "quarter": "1/4", "crotchet": "1/4", "eighth": "1/8"}
_NAMES["quaver"] = "1/8"
_NAMED_NOTE = re.compile(
    rf"(dotted[\s-]*)?\b({'|'.join(_NAMES)})(?:[\s-]*notes?)?(?=\s*=)", re.IGNORECASE
)
_DOTTED = re.compile(r"\b(\d{1,2}/\d{1,2})\.(?=\s*=)", re.ASCII)
_SYMBOLS = {"\N{QUARTER NOTE}": "1/4", "\N{EIGHTH NOTE}": "1/8"}
_BEATS = r"(?:\d{1,2}/\d{1,2}[\s+]*)+|C\d{0,2}"
_COUNT = r"(?:ca?\.?|circa|about|~)?\s*(?P<count>\d{1,4}(?:\.\d{1,6})?)"
#: ``1/4=120``, ``1/4 3/8 = ca. 40-50``, ``C3=80``; then ``118 = 1/4``; then ``120``, ``76 bpm``.
#: What follows the number means nothing: a range begins at its slower end.
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"(?:.*?[^\w/])??(?P<beats>{_BEATS})\s*=\s*{_COUNT}(?![\d/]).*",
        rf"[^\d=/]*{_COUNT}\s*=\s*(?P<beats>{_BEATS})",
        rf"[^\d=/]*=?\s*{_COUNT}(?![\d/=]|\s*=).*",
    )
)


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
    """Return what the Q: of a tune's header says."""
    return tempo_in(asked_tempo(tune), tune.setting)


def asked_tempo(tune: Tune) -> str:
    """Return the Q: of the header. Some have a word in one and the number in a second."""
    return " ".join(value for letter, value in tune.header if letter == "Q")


def tempo_in(text: str, setting: Setting) -> WrittenTempo:
    """Return what the value of a Q: says, in the setting of its place."""
    words = " ".join(re.findall(r'"([^"]*)"', text))
    figures = re.sub(r'"[^"]*"', " ", text).strip()
    for symbol, length in _SYMBOLS.items():
        figures = figures.replace(symbol, length)
    figures = _NAMED_NOTE.sub(lambda name: _NAMES[name[2].lower()] + "." * bool(name[1]), figures)
    figures = _DOTTED.sub(lambda note: _with_dot(note[1]), figures)
    for form in _FORMS:
        match = form.fullmatch(figures)
        if match:
            beat = _beat(match.groupdict().get("beats") or "1/4", setting)
            return WrittenTempo(words, beat, float(match["count"]))
    # A bare name is taken as words, too, but an equation that cannot be read is not.
    return WrittenTempo(words or ("" if "=" in figures else figures), None)


def _with_dot(length: str) -> str:
    """Return a note a half longer: ``3/8`` for ``1/4``."""
    above, below = map(int, length.split("/"))
    return f"{3 * above}/{2 * below}"


def tempo_of(tune: Tune) -> float:
    """Return the tempo of a tune's header in quarter notes a minute: its Q:, or what is usual."""
    asked = asked_tempo(tune)
    qpm = read_tempo(asked, tune.setting) if asked else None
    if qpm is not None:
        return qpm
    rhythm = (tune.field("R") or "").lower()
    for name, usual in RHYTHM_QPM.items():
        if re.search(rf"\b{name}", rhythm):
            return usual
    setting = tune.setting
    return _OTHER_QPM if setting.free else METER_QPM.get(setting.meter, _OTHER_QPM)


def read_tempo(text: str, setting: Setting) -> float | None:
    """Return the tempo that a Q: asks for, in quarter notes a minute; None if it asks for none.

    Parameters
    ----------
    text : str
        Its value: ``1/4=120``, ``3/8=80-90``, ``"Allegro" 1/4=120``, ``"Allegro"``, ``76 bpm``.
    setting : Setting
        Of the place where it stands. The old form ``C=120`` counts unit note lengths; the old
        form ``120`` is read as quarter notes, as abc2midi does.
    """
    written = tempo_in(text, setting)
    if written.beat is not None:
        return written.qpm
    words = written.words.lower()
    found = [word for word in WORD_BPM if re.search(rf"\b{word}", words)]
    if not found:
        return None
    return WORD_BPM[max(found, key=len)] * (1.5 if is_compound(setting.meter) else 1.0)


def tempos_of(
    tune: Tune, directions: Iterable[Direction], qpm: float | None = None
) -> list[tuple[Fraction, float]]:
    """Return the tempos at which a tune is played.

    Parameters
    ----------
    tune : Tune
        Its header has the tempo to begin with, unless its music begins with a Q:.
    directions : iterable of Direction
        As `abcgen.music.notes.Music` has them.
    qpm : float, optional
        The tempo to begin with instead, in quarter notes a minute; all others change as it does.

    Returns
    -------
    list of (Fraction, float)
        Onset in whole notes, 0 for the first, and quarter notes a minute from there on.
    """
    tempos = {Fraction(0): tempo_of(tune)}
    for one in directions:
        read = read_tempo(one.value, one.setting) if one.letter == "Q" else None
        if read is not None:
            tempos[one.onset] = read
    ratio = 1.0 if qpm is None else qpm / tempos[Fraction(0)]
    found: list[tuple[Fraction, float]] = []
    for onset, tempo in tempos.items():
        # The first is what was asked for; a later one may leave what can be played.
        asked = qpm if qpm is not None and not found else min(max(tempo * ratio, SLOWEST), FASTEST)
        if not found or found[-1][1] != asked:
            found.append((onset, asked))
    return found


def _beat(text: str, setting: Setting) -> Fraction:
    """Return the beat of Q: in whole notes: ``3/8``, ``1/4 3/8``, the old ``C`` and ``C3``."""
    if text[0] in "Cc":
        return setting.unit * int(text[1:] or 1)
    parts = re.findall(r"(\d{1,2})/(\d{1,2})", text)
    return sum((Fraction(int(a), int(b)) for a, b in parts if int(b)), Fraction(0))
