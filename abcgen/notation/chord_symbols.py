"""Chord symbols as people write them on lead sheets and charts: ``Cmaj7``, ``C^7``, ``Dm7b5``.

Each is read into one of the chords that `abcgen.notation.chords` spells, or the nearest of them:
so a chart can use any of the usual ways, and every player takes the tune that is made from it.
"""

import re
from typing import NamedTuple

from abcgen.notation.chords import QUALITIES

_ROOT = re.compile(r"([A-G])([#b]?)")
_BASS = re.compile(r"(.*?)/([A-Ga-g])([#b]?)")
#: Signs with one meaning, written in plain letters.
_PLAIN = str.maketrans(
    {
        "\u266f": "#",
        "\u266d": "b",
        "\u266e": "",
        "\u0394": "^",
        "\u2206": "^",
        "\u25b3": "^",
        "\u00f8": "h",
        "\u00d8": "h",
        "\u00b0": "o",
        "\u00ba": "o",
        "\u2013": "-",
        "\u2212": "-",
    }
)
#: What only parts. It is left out behind the root: C(#5) is no C sharp.
_PARTING = str.maketrans("", "", "(), ")
#: What a quality is written with, from the left: the family, the highest third, and what changes.
_QUALITY = re.compile(
    r"""
    (?P<family>major|maj|Maj|MAJ|Ma|MA|ma(?!j)|M(?!i|I)|\^|j(?=7)
      |minor|min|Min|MIN|MI|mi|Mi|m(?!a(?!dd))|-
      |diminished|dim|Dim|o|halfdim|h|augmented|aug|Aug|\+(?!\d(?!$))|dom)?
    (?P<major>/?(?:maj|Maj|Ma|M|\^))?
    (?P<number>6/?9|69|13|11|9|7|6|5|4|2)?
    (?:(?P<major_behind>maj|Maj|M)(?P<number_behind>7)?)?
    (?P<changes>(?:
        (?:add|sus|no|omit|Add|Sus)(?:2|4|9|11|13|3|5|6|7|b9|\#11)?(?:rd|th)?
      | (?:[b\#+-]|maj|M)(?:5|7|9|11|13)
      | alt | aug | \+ | /9 )*)
    """,
    re.VERBOSE,
)
_FAMILIES = {
    "": "",
    "dom": "",
    **dict.fromkeys(("maj", "Maj", "MAJ", "major", "Ma", "MA", "ma", "M", "^", "j"), "maj"),
    **dict.fromkeys(("minor", "min", "Min", "MIN", "MI", "mi", "Mi", "m", "-"), "m"),
    **dict.fromkeys(("diminished", "dim", "Dim", "o"), "dim"),
    **dict.fromkeys(("halfdim", "h"), "m7b5"),
    **dict.fromkeys(("augmented", "aug", "Aug", "+"), "aug"),
}
_SEVENTHS = frozenset({"7", "9", "11", "13"})
_SIXTHS = frozenset({"6", "69", "6/9"})
#: "No chord": the accompaniment is silent.
_SILENT = frozenset({"NC", "N.C.", "N.C", "NC.", "N/C", "NO CHORD", "TACET"})


class ReadChord(NamedTuple):
    """A chord symbol that has been read.

    Attributes
    ----------
    spelled : str
        The chord, or the nearest one, as `abcgen.notation.chords.spell_chord` spells it.
    exact : bool
        Whether it is the same chord, not only the nearest that ABC players know.
    """

    spelled: str
    exact: bool


def is_silent(text: str) -> bool:
    """Return whether a text says that no chord is played: ``N.C.``."""
    return text.upper() in _SILENT


def read_chord(text: str) -> ReadChord | None:
    """Return the chord of a symbol, or None if it is none.

    Parameters
    ----------
    text : str
        One symbol as people write it, without spaces around it.
    """
    plain = text.translate(_PLAIN)
    above, bass = plain, ""
    below = _BASS.fullmatch(plain)
    if below is not None:
        above, bass = below[1], f"/{below[2].upper()}{below[3]}"
    root = _ROOT.match(above)
    if root is None:
        return None
    quality = _QUALITY.fullmatch(above[root.end() :].translate(_PARTING))
    if quality is None:
        return None
    wanted = _wanted(quality)
    spelled = next(one for one in (wanted, *_nearest(wanted)) if one in QUALITIES)
    return ReadChord(f"{root[0]}{spelled}{bass}", spelled == wanted)


def _wanted(quality: re.Match[str]) -> str:
    """Return the quality that is meant, in the manner of `QUALITIES`, known there or not."""
    family = _FAMILIES[quality["family"] or ""]
    number = (quality["number"] or "").replace("/", "")
    changes = quality["changes"] or ""
    if "^" in (quality["family"], quality["major"]):  # a triangle alone is a major seventh
        number = number or "7"
    if quality["number_behind"]:
        number = quality["number_behind"]
    if quality["major_behind"] and not quality["number_behind"]:
        number = number or "7"
    if family != "maj" and (quality["major"] or quality["major_behind"]):
        family = "mmaj" if family == "m" else family or "maj"
    if not number and changes.endswith("7") and re.fullmatch(r"(M|maj)7", changes):
        family, number, changes = ("mmaj" if family == "m" else "maj"), "7", ""
    seventh = number in _SEVENTHS
    if family == "m7b5":
        return "m7b5"
    if family == "m" and seventh and re.search("b5|-5", changes):
        return "m7b5"
    if "sus" in changes.lower() or (not family and number in ("2", "4")):
        if seventh:
            return f"{number}sus4"
        return "sus2" if "2" in changes or number == "2" else "sus4"
    fifth = re.search(r"[#+]5|aug|\+$", changes)
    if family == "aug" or (fifth and family in ("", "maj")):
        kept = re.sub(r"[#+]5|aug|\+$", "", changes)
        large = "maj" if seventh and (family == "maj" or quality["major"]) else ""
        return f"{large}aug" + ("7" if seventh else "") + kept
    if family == "dim":
        return "dim7" if seventh else f"dim{changes}"
    letters = {"maj": "" if number in ("", *_SIXTHS) else "maj"}.get(family, family)
    return f"{letters}{number}{changes}"


def _nearest(wanted: str) -> tuple[str, ...]:
    """Return what may stand for a quality that is not known, the nearest first."""
    if wanted == "m7b5":
        return ("dim",)
    if wanted.startswith(("majaug", "aug")):
        return ("aug7", "aug") if "7" in wanted and "maj" not in wanted else ("aug",)
    if wanted.startswith("dim"):
        return ("dim",)
    if "sus" in wanted:
        return ("7sus4", "sus4")
    if wanted.startswith("mmaj"):
        return ("m",)
    if wanted.startswith("maj"):
        return ("maj7", "")
    letters = "m" if wanted.startswith("m") else ""
    rest = wanted.removeprefix(letters)
    if rest.startswith(("69", "6")):
        return (f"{letters}6", letters)
    if rest.startswith(("7", "9", "11", "13")):
        ninth = not letters and rest.startswith(("9", "13"))
        return (("9",) if ninth else ()) + (f"{letters}7", letters)
    return (letters,)
