"""What stands above the music: titles, composer, rhythm and tempo."""

import textwrap
from fractions import Fraction

from abcgen.formats.printed_tempos import beat_of
from abcgen.formats.xml_text import safe
from abcgen.music.tempo import WrittenTempo
from abcgen.notation.tune import Tune

_TITLE_LINE, _LINE = 60, 80  # characters on a line
_ABOVE = 'place="above"'
_BLANK = "\u00a0"
#: Values of which a tempo counts -> the note in SMuFL fonts, the range "metronome marks".
_NOTES = {
    Fraction(1): "\ueca2",
    Fraction(1, 2): "\ueca3",
    Fraction(1, 4): "\ueca5",
    Fraction(1, 8): "\ueca7",
    Fraction(1, 16): "\ueca9",
}
_DOT = "\uecb7"


def page_head(tune: Tune) -> str:
    """Return the element of what stands above the first line."""
    titles = [value for name, value in tune.header if name == "T" and value]
    composers = [value for name, value in tune.header if name == "C" and value]
    rhythm, order = ((tune.field(name) or "").strip() for name in "RP")
    left = [rhythm, f"Parts: {order}" if order else ""]
    parts = []
    if titles:
        lines = _lines(titles[:1], _TITLE_LINE)
        # verovio takes large lines to be as high as others, so that what follows would touch them.
        spare = [f'<rend fontsize="70%">{_BLANK}</rend>'] * (len(lines) // 2)
        head = "<lb/>".join([*lines, *_more(titles[1:]), *spare])
        parts.append(f'<rend halign="center" valign="top" fontsize="150%">{head}</rend>')
    for texts, side in (left, "left"), (composers, "right"):
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


def tempo(written: WrittenTempo, place: str) -> str:
    """Return the element of a tempo (Q:) at a place, or nothing: words, and beats a minute."""
    words = safe(" ".join(written.words.split()))
    beat = beat_of(written)
    if beat is None or beat.base not in _NOTES:
        return f"<tempo {place} {_ABOVE}>{words}</tempo>" if words else ""
    note = _NOTES[beat.base] + _DOT * beat.dots
    count = f"{written.count:g}"
    exact = f'mm="{count}" mm.unit="{beat.base.denominator}" mm.dots="{beat.dots}"'
    return (
        f'<tempo {place} {_ABOVE} {exact}><rend glyph.auth="smufl">{note}</rend> '
        f"= {count}  {words}</tempo>"
    )
