"""What stands above the music: titles, composer, rhythm and tempo."""

import re
import textwrap
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.formats.mei.values import values_of
from abcgen.formats.mei.xml import safe
from abcgen.notation.tune import Tune

_TITLE_LINE, _LINE = 50, 80  # characters on a line
_QUARTER = Fraction(1, 4)
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
        head = _rend(titles[:1], _TITLE_LINE, 'fontsize="150%"')
        more = _rend(titles[1:], _LINE, 'fontsize="110%" fontstyle="italic"')
        both = f"{head}<lb/>{more}" if more else head
        parts.append(f'<rend halign="center" valign="top">{both}</rend>')
    if rhythm:
        parts.append(
            f'<rend halign="left" valign="bottom">{_rend([rhythm], _LINE // 2, _SMALL)}</rend>'
        )
    if composers:
        lines = _rend(composers, _LINE // 2, _SMALL)
        parts.append(f'<rend halign="right" valign="bottom">{lines}</rend>')
    return f"<pgHead>{''.join(parts)}</pgHead>" if parts else ""


_SMALL = 'fontstyle="italic"'


def _rend(texts: list[str], width: int, attributes: str) -> str:
    """Return texts, each on its own lines, with these attributes."""
    lines = [line for text in texts for line in textwrap.wrap(text, width)]
    return "<lb/>".join(f"<rend {attributes}>{safe(line)}</rend>" for line in lines)


def tempo(tune: Tune) -> str:
    """Return the element of the tempo (Q:), or nothing: words, and beats a minute."""
    match = _TEMPO.fullmatch((tune.field("Q") or "").strip())
    if match is None or not any(match.groups()):
        return ""
    words = " ".join(filter(None, (match["words"], match["more"]))).replace('"', "")
    if not match["count"]:
        return f'<tempo tstamp="1" place="above">{safe(words)}</tempo>'
    above, _, below = (match["beat"] or "1/4").partition("/")
    try:
        (value,) = values_of(Fraction(int(above), int(below)))
    except (NotationError, ValueError, ZeroDivisionError):
        return ""
    if value.name not in _NOTES:
        return ""
    note = _NOTES[value.name] + _DOT * value.dots
    exact = f'mm="{match["count"]}" mm.unit="{value.name}" mm.dots="{value.dots}"'
    return (
        f'<tempo tstamp="1" place="above" {exact}><rend glyph.auth="smufl">{note}</rend> '
        f"= {match['count']}  {safe(words)}</tempo>"
    )
