"""Rests where sections end, so that each makes full bars with what follows it.

People often end a section on its last note, and leave the rest of the bar to the player: a jig
without a pickup that ends in ``G2:|``, or one whose pickup belongs to the first section alone. What
is missing, or too much, is silence, since the last note stands on a beat and the next section
begins where it is written. So the second edition of the spelling writes the rest.
"""

from collections.abc import Sequence
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
    changed = False
    for place, section in enumerate(sections):
        if lack_of(section.bars[0]) > 0 and len(section.bars) == 1 and not section.endings:
            continue  # nothing but a pickup
        own, *following = pickups[place:]
        # The tune may end with a full bar, or lack one of these.
        onward = following[:1] or [own, pickups[0], _NONE]
        changed |= _complete(section, own, onward)
    return changed


def _pickup(section: Section) -> Fraction:
    """Return the length of the pickup that a section begins with; 0 if it has none."""
    bar = section.bars[0]
    return bar_length(bar) if lack_of(bar) > 0 else _NONE


def _complete(section: Section, own: Fraction, onward: list[Fraction]) -> bool:
    """Complete the last bars of a section.

    Parameters
    ----------
    section : Section
        Which is changed.
    own : Fraction
        What the bar before a repeat lacks: the pickup of the section.
    onward : list of Fraction
        What the bar may lack that is played last.
    """
    if section.endings:
        *firsts, last = section.endings
        changed = [_fit(ending, [own]) for ending in firsts]
        return any([*changed, _fit(last, onward)])
    if not section.repeated or len(onward) > 1:  # the last repeat of a tune ends as it goes back
        return _fit(section.bars, [own] if section.repeated else onward)
    (due,) = onward
    *bars, bar = section.bars
    if own == due or not bars:
        return _fit(section.bars, [own])
    first, second = bar.copied(), bar.copied()
    _fit([first], [own])
    _fit([second], [due])
    if lack_of(first) != own or lack_of(second) != due:
        return False
    section.bars, section.endings, section.numbers = bars, [[first], [second]], [(1,), (2,)]
    return True


def _fit(bars: list[Bar], dues: Sequence[Fraction]) -> bool:
    """Let the last of some bars lack one of what may be due; return whether it has changed."""
    bar = bars[-1]
    lack = lack_of(bar)
    if lack in dues:
        return False
    filled = max((due for due in dues if due < lack), default=None)
    if filled is not None and _may_rest(bar, lack - filled):
        rest = (lack - filled) / bar.setting.unit
        bar.tokens.append(Token("rest", f"z{rest.numerator}/{rest.denominator}", -1))
        return True
    cut = min((due for due in dues if due > lack), default=None)
    return cut is not None and _shorten(bar, cut - lack)


def _may_rest(bar: Bar, missing: Fraction) -> bool:
    """Return whether it is certain that a bar lacks a rest at its end: its last note is on a beat."""
    events = list(bar_events(bar))
    last = max((place for place, event in enumerate(events) if event.pitches), default=None)
    if last is None or missing not in _RESTS or any(event.rest_bars for event in events):
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
