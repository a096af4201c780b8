"""Rests where sections end, so that each makes full bars with what follows it.

People often end a section on its last note, and leave the rest of the bar to the player: a jig
without a pickup that ends in ``G2:|``, or one whose pickup belongs to the first section alone. What
is missing, or too much, is silence, since the last note stands on a beat and the next section
begins where it is written. So the second edition of the spelling writes the rest.
"""

from fractions import Fraction

from abcgen.notation.form import Bar, Section
from abcgen.notation.meters import is_compound
from abcgen.notation.timing import bar_events, bar_length, lack_of
from abcgen.notation.tokens import Token, read_note
from abcgen.notation.tune import read_meter

#: What a rest may last, in whole notes; every unit note length has a length for each.
_RESTS = frozenset(Fraction(count, 16) for count in (1, 2, 3, 4, 6, 8))
_NONE = Fraction(0)


def complete_ends(sections: list[Section]) -> bool:
    """Add, shorten or leave out rests at the ends of sections; return whether anything changed.

    The bar before a repeat goes back to the pickup of its own section, that before another section
    on to the pickup of that one. Where these differ, the bar is written out in two endings. Bars
    where it is not certain what is missing stay as they are.

    Parameters
    ----------
    sections : list of Section
        As `abcgen.grammar.mending.mend` returns them. They are changed.
    """
    pickups = [_pickup(section) for section in sections]
    changed = []
    for section, own, following in zip(sections, pickups, [*pickups[1:], None], strict=True):
        if _is_pickup(section):
            continue
        for ending in section.endings[:-1]:
            changed.append(_fit(ending, own, following))
        last = (section.endings or [section.bars])[-1]
        if following is None:
            changed.append(_fit_last(last, own, section))
        elif section.repeated and not section.endings:
            changed.append(_fit_repeat(section, own, following))
        else:
            changed.append(_fit(last, following, own))
    return any(changed)


def _is_pickup(section: Section) -> bool:
    """Return whether a section is nothing but a pickup."""
    return len(section.bars) == 1 and not section.endings and lack_of(section.bars[0]) > 0


def _pickup(section: Section) -> Fraction:
    """Return the length of the pickup that a section begins with; 0 if it has none."""
    bar = section.bars[0]
    return bar_length(bar) if lack_of(bar) > 0 else _NONE


def _fit_last(bars: list[Bar], own: Fraction, section: Section) -> bool:
    """Let the last bar of a tune go back to the pickup of its section, or be full.

    Without a repeat that pickup may not be the one that the tune began with. A bar that lacks it
    is then full with a rest. All else is up to `abcgen.grammar.mending.fill_last`.
    """
    if section.repeated:
        return not section.endings and _fit(bars, own)
    return lack_of(bars[-1]) == own > 0 and _fit(bars, _NONE, own)


def _fit_repeat(section: Section, own: Fraction, following: Fraction) -> bool:
    """Let the last bar of a repeat lack its pickup and then the following one, or nothing."""
    *bars, bar = section.bars
    if own == following or not bars:
        return _fit(section.bars, own)
    first, second = bar.copied(), bar.copied()
    _fit([first], own, following)
    _fit([second], following, own)
    if lack_of(first) != own or lack_of(second) != following:
        return False
    section.bars, section.endings, section.numbers = bars, [[first], [second]], [(1,), (2,)]
    return True


def _fit(bars: list[Bar], due: Fraction, other: Fraction | None = None) -> bool:
    """Let the last of some bars lack what is due; return whether it has changed.

    If it lacks what is due at the `other` side of the repeat, it is certain that this is a rest.
    """
    bar = bars[-1]
    lack = lack_of(bar)
    missing = lack - due
    if missing < 0:
        return _shorten(bar, -missing)
    if not missing or missing not in _RESTS or not (lack == other or _may_rest(bar, missing)):
        return False
    rest = missing / bar.setting.unit
    bar.tokens.append(Token("rest", f"z{rest.numerator}/{rest.denominator}", -1))
    return True


def _may_rest(bar: Bar, missing: Fraction) -> bool:
    """Return whether it is certain that a bar lacks a rest at its end.

    Its last note stands on a beat, and less than half of the bar is missing.
    """
    events = list(bar_events(bar))
    last = max((place for place, event in enumerate(events) if event.pitches), default=None)
    if last is None or any(event.rest_bars for event in events):
        return False
    if 2 * missing >= read_meter(bar.setting.meter):
        return False
    before = sum((event.length for event in events[:last]), _NONE) * bar.setting.unit
    return before % _beat(bar.setting.meter) == 0


def _beat(meter: str) -> Fraction:
    """Return the length of a beat in whole notes."""
    if is_compound(meter):
        return Fraction(3, 8)
    return Fraction(1, 4) if read_meter(meter) % Fraction(1, 4) == 0 else Fraction(1, 8)


def _shorten(bar: Bar, surplus: Fraction) -> bool:
    """Take so much off the rests in which a bar ends; return whether they are long enough."""
    tokens = list(bar.tokens)
    while tokens and surplus > 0:
        last = tokens.pop()
        if last.kind == "space":
            continue
        if last.kind != "rest" or last.text[0] in "ZX":
            return False
        surplus -= read_note("C" + last.text[1:])[1] * bar.setting.unit
    if surplus > 0 or not tokens:
        return False
    if surplus:
        left = -surplus / bar.setting.unit
        tokens.append(Token("rest", f"z{left.numerator}/{left.denominator}", -1))
    bar.tokens = tokens
    return True
