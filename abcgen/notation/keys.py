"""Keys: the ways people write them, the one way abcgen spells them, and their accidentals."""

import re
from functools import lru_cache
from typing import NamedTuple

from abcgen.errors import NotationError

#: Letter of a pitch -> semitones above C.
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
#: Mode as spelled -> fifths above or below the major key of the same tonic.
MODES = {"": 0, "mix": -1, "dor": -2, "m": -3, "phr": -4, "loc": -5, "lyd": 1}
#: Those with a minor third.
MINOR_MODES = frozenset({"m", "dor", "phr", "loc"})
#: First three letters of any way to write a mode -> the mode as spelled.
_MODE_NAMES = {
    "maj": "",
    "ion": "",
    "min": "m",
    "aeo": "m",
    "mix": "mix",
    "dor": "dor",
    "phr": "phr",
    "loc": "loc",
    "lyd": "lyd",
    "dur": "",
    "mol": "m",
}
_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_SHARP_ORDER = "FCGDAEB"
_KEY = re.compile(r"([A-G])([#b]?)[ \t]*([A-Za-z]*)(.*)", re.DOTALL)
_TONIC = re.compile(r"([A-G])([#b\u266f\u266d]|\s*(?i:sharp|flat)\b)?[\s,]*([A-Za-z]*)")
_SIGN_NAMES = {"\u266f": "#", "\u266d": "b", "sharp": "#", "flat": "b"}
_SIGNS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
#: An accidental of the key's own: ``^f``, ``_B``.
_OWN = re.compile(r"(\^\^|\^|__|_|=)([A-Ga-g])(?![A-Za-z])")
#: Settings behind a key, such as ``octave=-1``; those that change what sounds are read.
_NAMED = re.compile(
    r"(?<![^\s,])(clef|octave|oct|transpose|t|middle|m|name|nm|n|subname|sname|snm|stafflines"
    r"|staffscale|stem|gstem|style|cue|lyrics|dyn|map|space|score|shift|sound|instrument)"
    r"\s*=\s*(\"[^\"]*\"|[^\s,]+)",
    re.IGNORECASE,
)
#: Those that some programs play in a way that abcgen does not.
_NOT_FOLLOWED = frozenset({"score", "shift", "sound", "instrument"})
_CLEF = re.compile(
    r"(?<![^\s,])(?:treble|bass|alto|tenor|(?:mezzo-?)?soprano|baritone|perc(?:ussion)?|drum|none"
    r"|auto|up|down|merge)\d?(?:([+-])8|[\^_]8)?(?![^\s,])",
    re.IGNORECASE,
)
_MOST_OCTAVES, _MOST_SEMITONES = 4, 48  # that notes are moved by


def spell_key(text: str) -> str:
    """Return the one spelling of a key: ``A Dorian`` becomes ``Ador``, ``D Major`` ``D``.

    Raises
    ------
    NotationError
        If it is not a key, or has extra accidentals or a clef.
    """
    text = text.strip()
    if text in ("HP", "Hp"):
        # The Highland pipes' two sharps; Hp shows the signature, HP hides it.
        return "D"
    match = _KEY.fullmatch(text)
    if match is None:
        raise NotationError(f"K:{text} is not a key; expected one such as D, Em or Ador")
    tonic, accidental, mode_text, rest = match.groups()
    mode = _MODE_NAMES.get(mode_text.lower()[:3]) if mode_text.lower() != "m" else "m"
    if not mode_text:
        mode = ""
    if mode is None or rest.strip():
        raise NotationError(f"K:{text} is not a key that abcgen knows")
    key = tonic + accidental + mode
    if not -7 <= fifths_of(key) <= 7:
        raise NotationError(f"K:{text} has more than seven accidentals")
    return key


class KeyField(NamedTuple):
    """What a K: says.

    Attributes
    ----------
    key : str or None
        As `spell_key` spells it; one with accidentals of its own has them behind it, ``Dphr ^f``,
        or stands for them alone, ``D exp _b ^f``. None where only a clef or the like changes.
    octave, transpose : int or None
        By how many octaves and semitones the notes sound higher than written, where it says so.
    rest : str
        What is not understood.
    """

    key: str | None
    octave: int | None = None
    transpose: int | None = None
    rest: str = ""


@lru_cache(256)
def read_key(text: str) -> KeyField:
    """Return what a K: says; what cannot be understood behind the key itself is ignored.

    Raises
    ------
    NotationError
        If it has something, but no key in it that abcgen knows.
    """
    try:
        return KeyField(spell_key(text))
    except NotationError:
        found = _settings(text)
    rest, octave, transpose = found.rest or "", found.octave, found.transpose
    tonic, sign, mode, named, explicit = "C", "", "", False, False
    match = _TONIC.match(rest)
    if match is not None:
        named = True
        tonic, sign = match[1], (match[2] or "").strip().lower()
        sign = _SIGN_NAMES.get(sign, sign)
        mode, taken = _mode_in(match[3])
        rest = rest[match.end(3) if taken else match.start(3) :]
    elif re.match(r"none\b", rest, re.IGNORECASE):
        named, rest = True, rest[len("none") :]
    elif re.match(r"hp\b", rest, re.IGNORECASE):
        named, tonic, rest = True, "D", rest[2:]
    if re.match(r"[\s,]*exp\b", rest):
        named = explicit = True
        rest = rest.replace("exp", "", 1)
    own = {letter.upper(): _SIGNS[accidental] for accidental, letter in _OWN.findall(rest)}
    rest = " ".join(_OWN.sub(" ", rest).replace(",", " ").split())
    if not named and not own:
        if rest:
            raise NotationError(f"K:{text.strip()} is not a key that abcgen knows")
        return KeyField(None, octave, transpose)
    key = tonic + sign + mode
    if not -7 <= fifths_of(key) <= 7:
        raise NotationError(f"K:{text.strip()} has more than seven accidentals")
    return KeyField(_with_own(key, own, explicit), octave, transpose, rest)


def moves_in(text: str) -> str:
    """Return the part of a V: that moves its notes, as a K: has it: ``octave=-1 transpose=2``."""
    found = _settings(text)
    moves = (("octave", found.octave), ("transpose", found.transpose))
    return " ".join(f"{name}={number}" for name, number in moves if number is not None)


def _mode_in(word: str) -> tuple[str, bool]:
    """Return the mode that a word names, and whether it names one; else major."""
    if word in ("m", "M"):
        return "m" if word == "m" else "", True
    mode = _MODE_NAMES.get(word.lower()[:3])
    return (mode, True) if mode is not None else ("", not word)


def _settings(text: str) -> KeyField:
    """Return what clef, octave= and transpose= say, and in `rest` the text without them."""
    octave: int | None = None
    transpose: int | None = None
    left: list[str] = []

    def setting(match: re.Match[str]) -> str:
        nonlocal octave, transpose
        name, value = match[1].lower(), match[2].strip('"')
        number = int(value) if re.fullmatch(r"[+-]?[0-9]{1,3}", value) else None
        if name == "clef":
            clef = re.fullmatch(r".*?([+-])8", value)
            octave = (octave or 0) + int(f"{clef[1]}1") if clef else octave
        elif name in ("octave", "oct") and number is not None and abs(number) <= _MOST_OCTAVES:
            octave = (octave or 0) + number
        elif name in ("transpose", "t") and number is not None and abs(number) <= _MOST_SEMITONES:
            transpose = number
        elif name in ("octave", "oct", "transpose", "t") or name in _NOT_FOLLOWED:
            left.append(match[0])
        return " "

    def clef(match: re.Match[str]) -> str:
        nonlocal octave
        octave = (octave or 0) + int(f"{match[1]}1") if match[1] else octave
        return " "

    rest = _NAMED.sub(setting, text.strip())
    # `none` at the start is no clef, but no key.
    head = re.match(r"\s*(?:none\b)?", rest, re.IGNORECASE)
    begin = head.end() if head else 0
    rest = rest[:begin] + _CLEF.sub(clef, rest[begin:])
    return KeyField(None, octave, transpose, " ".join([rest.strip(), *left]).strip())


def _with_own(key: str, own: dict[str, int], explicit: bool) -> str:
    """Return a key with accidentals of its own, by its plain name if it has one."""
    if not own and not explicit:
        return key
    plain = {} if explicit else signature(key)
    wanted = {letter: sign for letter, sign in {**plain, **own}.items() if sign}
    tonic = key.removesuffix(mode_of(key))
    for mode in (mode_of(key), *MODES):
        same = tonic + mode
        if -7 <= fifths_of(same) <= 7 and signature(same) == wanted:
            return same
    if not wanted:
        return "C"
    names = {sign: name for name, sign in _SIGNS.items()}
    signs = [names[sign] + letter.lower() for letter, sign in own.items()]
    return " ".join([key, *(["exp"] if explicit else []), *signs])


def plain_key(key: str) -> str:
    """Return a key without accidentals of its own."""
    return key.partition(" ")[0]


def mode_of(key: str) -> str:
    """Return the mode of a key spelled by `spell_key`, one of `MODES`; empty for major."""
    return plain_key(key)[1:].lstrip("#b")


def tonic_of(key: str) -> int:
    """Return the tonic of a key spelled by `spell_key`, in semitones above C: 0 to 11."""
    tonic = plain_key(key).removesuffix(mode_of(key))
    return (SEMITONES[tonic[0]] + tonic.count("#") - tonic.count("b")) % 12


def fifths_of(key: str) -> int:
    """Return the sharps (positive) or flats (negative) of a key spelled by `spell_key`.

    Raises
    ------
    NotationError
        If the key has accidentals of its own.
    """
    if " " in key:
        raise NotationError(f"K:{key} has accidentals of its own, which cannot be drawn")
    mode = mode_of(key)
    tonic = key.removesuffix(mode)
    return _FIFTHS[tonic[0]] + 7 * (tonic.count("#") - tonic.count("b")) + MODES[mode]


@lru_cache(256)
def signature(key: str) -> dict[str, int]:
    """Return the semitones that a key adds to each letter A to G that it alters.

    Notes
    -----
    It is the same object each time, and not to be changed.
    """
    if " " in key:
        return _own_signature(key)
    fifths = fifths_of(key)
    if fifths >= 0:
        return dict.fromkeys(_SHARP_ORDER[:fifths], 1)
    return dict.fromkeys(_SHARP_ORDER[::-1][:-fifths], -1)


@lru_cache(256)
def scale_of(key: str) -> frozenset[int]:
    """Return the pitch classes of a key."""
    altered = signature(key)
    return frozenset((above + altered.get(letter, 0)) % 12 for letter, above in SEMITONES.items())


def _own_signature(key: str) -> dict[str, int]:
    """Return the signature of a key with accidentals of its own."""
    plain, _, behind = key.partition(" ")
    own = {letter.upper(): _SIGNS[accidental] for accidental, letter in _OWN.findall(behind)}
    return own if behind.startswith("exp") else {**signature(plain), **own}
