"""Bar lines put where the spelling needs them, where that changes nothing that sounds.

People end a section or begin an ending within a bar, cut a bar in two, or forget a bar line. The
second edition of the spelling reads such tunes as if the bars were whole. A bar is joined or cut
only if all its notes stay what they are: an accidental holds up to the next bar line.
"""

from dataclasses import replace
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.notation.form import Bar, Section
from abcgen.notation.timing import bar_length, lack_of
from abcgen.notation.tokens import SOUNDING, Pitch, Token, read_group, read_note
from abcgen.notation.tune import read_meter

_SPACE = Token("space", " ", -1)
#: What stands before a note and belongs to it.
_BEFORE_NOTES = frozenset({"chord", "tuplet", "space"})


def rebar(sections: list[Section]) -> list[Section]:
    """Join bars that are cut in two, and cut those that are two; return the sections.

    - A bar of which the rest stands in each ending is written out in each ending.
    - Two short bars within a section that are one together become one.
    - A bar that is longer than the metre is cut where it should end. If it begins a section, a
      pickup is cut off.
    - A repeat that no ``|:`` begins goes back behind the pickup if its last bar is full.
    - A pickup that stands alone before a double bar line becomes that of the next section.

    Notes
    -----
    The sections are changed.
    """
    for section in sections:
        head, *others = section.bars
        section.bars = [*_cut_behind_pickup(head), *_each_cut(others)]
        section.endings = [_each_cut(ending) for ending in section.endings]
        _write_out_endings(section)
        pickup = bar_length(section.bars[0]) if lack_of(section.bars[0]) > 0 else Fraction(0)
        section.bars = _rejoined(section.bars, 1, pickup)
        section.endings = [_rejoined(ending, 0, pickup) for ending in section.endings]
    parted = [part for section in sections for part in _begun_behind_pickup(section)]
    return _with_lone_pickups(parted)


def pitches_of(token: Token) -> list[Pitch]:
    """Return the pitches of a note or a group; none of anything else."""
    if token.kind == "note":
        return [read_note(token.text)[0]]
    if token.kind == "group":
        return [pitch for pitch, _, _ in read_group(token.text)[0]]
    return []


def _full(bar: Bar) -> Fraction:
    return read_meter(bar.setting.meter)


def _write_out_endings(section: Section) -> None:
    """Begin each ending with the bar that the ending completes, if all of them do."""
    if not section.endings or len(section.bars) < 2:
        return
    cut = section.bars[-1]
    lack = lack_of(cut)
    if lack <= 0 or any(bar_length(ending[0]) != lack for ending in section.endings):
        return
    whole = [_joined(cut, ending[0]) for ending in section.endings]
    joined = [bar for bar in whole if bar is not None]
    if len(joined) < len(whole):
        return
    section.bars.pop()
    section.endings = [
        [bar, *ending[1:]] for bar, ending in zip(joined, section.endings, strict=True)
    ]


def _rejoined(bars: list[Bar], first: int, pickup: Fraction) -> list[Bar]:
    """Return bars with those that are cut in two joined again, from the `first` on."""
    whole = bars[:first]
    for bar in bars[first:]:
        if len(whole) > first and 0 < lack_of(whole[-1]) < _full(bar):
            lasts = bar_length(whole[-1]) + bar_length(bar)
            # The last bar may lack the pickup of the section.
            dues = {_full(bar), _full(bar) - pickup} if bar is bars[-1] else {_full(bar)}
            joined = _joined(whole[-1], bar) if lasts in dues else None
            if joined is not None:
                whole[-1] = joined
                continue
        whole.append(bar)
    return whole


def _joined(first: Bar, second: Bar) -> Bar | None:
    """Return two bars as one, or None if a note would change."""
    if first.setting != second.setting or not _may_be_one(first.tokens, second.tokens):
        return None
    return Bar(first.setting, [*first.tokens, _SPACE, *second.tokens], second.line)


def _begun_behind_pickup(section: Section) -> list[Section]:
    """Return a repeated section without its pickup, and that before it, if the bars ask for it.

    Where ``|:`` is missing, only the bars can tell where the repeat begins. If the one before
    ``:|`` is full, the pickup does not follow it.
    """
    pickup, *others = section.bars
    lasts = [ending[-1] for ending in section.endings[:-1]] or others[-1:]
    if (
        section.opened
        or not (section.repeated and others)
        or lack_of(pickup) <= 0
        or any(lack_of(bar) != 0 for bar in lasts)
    ):
        return [section]
    # The section that is given keeps its pickup, since a tune may be mended twice.
    return [Section([pickup]), replace(section, bars=others, opened=True)]


def _with_lone_pickups(sections: list[Section]) -> list[Section]:
    """Return sections without those that are only a pickup, which the next one takes."""
    kept: list[Section] = []
    for section in sections:
        before = kept[-1] if kept else None
        if (
            before
            and not (before.repeated or section.repeated or before.endings)
            and len(before.bars) == 1
            and lack_of(before.bars[0]) > 0 >= lack_of(section.bars[0])
        ):
            section.bars = before.bars + section.bars
            kept.pop()
        kept.append(section)
    return kept


def _each_cut(bars: list[Bar]) -> list[Bar]:
    """Return bars, those that are too long cut where the metre ends."""
    return [part for bar in bars for part in _cut(bar, _full(bar))]


def _cut_behind_pickup(bar: Bar) -> list[Bar]:
    """Return the first bar of a section as a pickup and a bar, if it is too long."""
    over = -lack_of(bar)
    return _cut(bar, over) if 0 < over <= _full(bar) else [bar]


def _cut(bar: Bar, length: Fraction) -> list[Bar]:
    """Return a bar that is too long, but no more than twice, as two, the first of some length."""
    if not _full(bar) < bar_length(bar) <= 2 * _full(bar):
        return [bar]
    for end in range(1, len(bar.tokens)):
        before, after = bar.tokens[:end], bar.tokens[end:]
        if before[-1].kind in _BEFORE_NOTES or after[0].kind in ("broken", "tie"):
            continue
        try:
            lasts = bar_length(Bar(bar.setting, before))
        except NotationError:  # within a tuplet, or behind a `>`
            continue
        if lasts == length and _may_be_one(before, after):
            return [Bar(bar.setting, before, "|"), Bar(bar.setting, after, bar.line)]
    return [bar]


def _may_be_one(first: list[Token], second: list[Token]) -> bool:
    """Return whether a bar line between two groups of tokens changes no note."""
    altered = {
        pitch.letter.upper() for token in first for pitch in pitches_of(token) if pitch.accidental
    }
    for token in second:
        if token.kind in SOUNDING:
            for pitch in pitches_of(token):
                if pitch.letter.upper() in altered and not pitch.accidental:
                    return False
    return True
