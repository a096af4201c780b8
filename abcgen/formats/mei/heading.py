"""What stands above the music: titles, composer, rhythm and tempo."""

import re
import textwrap
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.formats.mei.values import values_of
from abcgen.formats.mei.xml import safe
from abcgen.notation.tune import Tune

_TITLE_LINE, _LINE = 60, 80  # characters on a line
_BLANK = "\u00a0"
#: Values of which a tempo counts -> the note in SMuFL fonts, the range "metronome marks".
_NOTES = {"1": "\ueca2", "2": "\ueca3", "4": "\ueca5", "8": "\ueca7", "16": "\ueca9"}
_DOT = "\uecb7"
_TEMPO = re.compile(
    r"""(?P<words>"[^"]*")?\s*
        (?:(?:(?P<beat>\d{1,2}/\d{1,2})\s*=)?\s*(?P<count>\d{1,4}(?:\.\d{1,6})?))?\s*
        (?P<more>"[^"]*")?""",
    re.VERBOSE | re.ASCII,
)


def page_head(tune: Tune) -> str:
    """Return the element of what stands above the first line."""
    titles = [value for name, value in tune.header if name == "T" and value]
    composers = [value for name, value in tune.header if name == "C" and value]
    rhythm = (tune.field("R") or "").strip()
    parts = []
    if titles:
        lines = _lines(titles[:1], _TITLE_LINE)
        # verovio takes large lines to be as high as others, so that what follows would touch them.
        spare = [f'<rend fontsize="70%">{_BLANK}</rend>'] * (len(lines) // 2)
        head = "<lb/>".join([*lines, *_more(titles[1:]), *spare])
        parts.append(f'<rend halign="center" valign="top" fontsize="150%">{head}</rend>')
    for texts, side in ([rhythm], "left"), (composers, "right"):
        shown = "<lb/>".join(_lines(texts, _LINE // 2))
        if shown:
            parts.append(f'<rend halign="{side}" valign="bottom" fontstyle="italic">{shown}</rend>')
    return f"<pgHead>{''.join(parts)}</pgHead>" if parts else ""


def _more(titles: list[str]) -> list[str]:
    """Return the further titles, which are smaller."""
    return [
        f'<rend fontsize="70%" fontstyle="italic">{line}</rend>' for line in _lines(titles, _LINE)
    ]


def _lines(texts: list[str], width: int) -> list[str]:
    """Return texts, each on its own lines."""
    return [safe(line) for text in texts for line in textwrap.wrap(text, width)]


def tempo(text: str, place: str) -> str:
    """Return the element of a tempo (Q:) at a place, or nothing: words, and beats a minute."""
    match = _TEMPO.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return ""
    words = " ".join(filter(None, (match["words"], match["more"]))).replace('"', "")
    if not match["count"]:
        return f'<tempo {place} place="above">{safe(words)}</tempo>'
    above, _, below = (match["beat"] or "1/4").partition("/")
    try:
        (value,) = values_of(Fraction(int(above), int(below)), Fraction(1))
    except (NotationError, ValueError, ZeroDivisionError):
        return ""
    if value.name not in _NOTES:
        return ""
    note = _NOTES[value.name] + _DOT * value.dots
    exact = f'mm="{match["count"]}" mm.unit="{value.name}" mm.dots="{value.dots}"'
    return (
        f'<tempo {place} place="above" {exact}><rend glyph.auth="smufl">{note}</rend> '
        f"= {match['count']}  {safe(words)}</tempo>"
    )
