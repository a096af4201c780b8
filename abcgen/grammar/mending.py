"""Small faults of a tune that can be corrected with certainty, without changing its sound."""

from collections.abc import Iterator
from fractions import Fraction

from abcgen.notation.form import Bar, Section
from abcgen.notation.timing import bar_length
from abcgen.notation.tokens import SOUNDING, Pitch, Token, read_group, read_note
from abcgen.notation.tune import read_meter

_SOUNDING_OR_TIE = SOUNDING | {"tie"}


def mend(sections: list[Section], fill_last: bool = False) -> list[Section]:
    """Correct what is certain in the sections of a tune, and return them.

    - A tie into another pitch is a slur, and left out.
    - Where the key changes, or a bar is cut in two, within a section that is played once, another
      section begins, after a double bar line.
    - With `fill_last`, a rest fills the last bar up to what it may lack, or the rest in which it
      ends is shortened by the tune's pickup.

    Notes
    -----
    The sections that are given are changed.
    """
    for section in sections:
        for bars in (section.bars, *section.endings):
            _drop_slurs(bars)
    parts = [part for section in sections for part in _split(section)]
    if fill_last:
        _fill_last(parts)
    return parts


def _lack(bar: Bar) -> Fraction:
    """Return what a bar lacks of its metre, in whole notes."""
    return read_meter(bar.setting.meter) - bar_length(bar)


def _split(section: Section) -> Iterator[Section]:
    """Yield the parts of a section that is played once, in one key each and without cut bars."""
    if section.repeated:
        yield section
        return
    part = Section()
    for bar in section.bars:
        before = part.bars[-1] if part.bars else None
        if before and (
            bar.setting.key != before.setting.key
            # A section of just two such bars is a pickup and the bar that lacks it.
            or (
                len(section.bars) > 2
                and 0 < _lack(before) == read_meter(bar.setting.meter) - _lack(bar)
            )
        ):
            yield part
            part = Section()
        part.bars.append(bar)
    yield part


def _fill_last(sections: list[Section]) -> None:
    """Add or shorten a rest at the end of the tune, so that the last bar lacks only the pickup."""
    section = sections[-1]
    if section.repeated and not section.endings:
        return
    first = _lack(sections[0].bars[0])
    bar = (section.endings[-1] if section.endings else section.bars)[-1]
    pickup = read_meter(bar.setting.meter) - first if first > 0 else Fraction(0)
    rest = (_lack(bar) - pickup) / bar.setting.unit
    if rest < 0:
        rest = _without_last_rest(bar, -rest)
    if rest > 0:
        bar.tokens.append(Token("rest", f"z{rest.numerator}/{rest.denominator}", -1))


def _without_last_rest(bar: Bar, surplus: Fraction) -> Fraction:
    """Remove the rest in which a bar ends if it is long enough, and return what it has too much."""
    last = next((token for token in reversed(bar.tokens) if token.kind != "space"), None)
    if last is None or last.kind != "rest" or last.text[0] in "ZX":
        return Fraction(0)
    length = read_note("C" + last.text[1:])[1]
    if length < surplus:
        return Fraction(0)
    bar.tokens = [token for token in bar.tokens if token is not last]
    return length - surplus


def _drop_slurs(bars: list[Bar]) -> None:
    """Remove ties from single notes into another letter or octave."""
    tokens = [token for bar in bars for token in bar.tokens if token.kind in _SOUNDING_OR_TIE]
    slurs = set()
    for before, tie, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if tie.kind == "tie" and before.kind == "note":
            place = _pitches(before)[0].place
            if not any(pitch.place == place for pitch in _pitches(after)):
                slurs.add(id(tie))
    if not slurs:
        return
    for bar in bars:
        bar.tokens = [token for token in bar.tokens if id(token) not in slurs]


def _pitches(token: Token) -> list[Pitch]:
    """Return the pitches of a note or a group; none of a rest."""
    if token.kind == "note":
        return [read_note(token.text)[0]]
    if token.kind == "group":
        return [pitch for pitch, _, _ in read_group(token.text)[0]]
    return []
