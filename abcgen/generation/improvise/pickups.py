"""The notes before the first full bar of each section: how long they are."""

import re
from fractions import Fraction
from numbers import Rational

from abcgen.errors import UsageError
from abcgen.notation.chart import Chart
from abcgen.notation.meters import is_compound
from abcgen.notation.rhythms import spell_rhythm
from abcgen.notation.tune import read_meter

#: Rhythms whose tunes mostly begin with a full bar.
_WITHOUT = frozenset({"polka", "slip jig", "strathspey", "march", "schottische"})
_LONGEST = Fraction(1, 2)  # of a bar
_EIGHTH, _QUARTER = Fraction(1, 8), Fraction(1, 4)
_FORM = re.compile(r"\d{1,2}(/[1-9]\d?)?")


def pickup_of(given: str | Rational | None, chart: Chart, meter: str, rhythm: str) -> Fraction:
    """Return how long the pickup of each section is, in whole notes; 0 for none.

    Parameters
    ----------
    given : str or rational number, optional
        What a user asks for: ``1/8``, ``1/4``, ``0``. Without it, it is as long as in most tunes
        of the rhythm or the metre, if the chords leave room for it.
    chart : Chart
        The chords. The last bar of a section is shorter by the pickup, so no chord may begin there.
    meter, rhythm : str
        Those of the tune.

    Raises
    ------
    UsageError
        If what is given is no length, or there is no room for it.
    """
    full = read_meter(meter)
    if given is None:
        usual = usual_pickup(meter, rhythm)
        return usual if _has_room(chart, usual / full) else Fraction(0)
    written = str(given) if isinstance(given, str | Rational) else ""
    pickup = Fraction(written) if _FORM.fullmatch(written) else None
    if pickup is None or pickup % _EIGHTH or pickup / full > _LONGEST:
        raise UsageError(
            f"the pickup must be some eighths such as 1/8 or 1/4, up to half a bar of {meter}, or "
            f"0, not {given!r}"
        )
    if not _has_room(chart, pickup / full):
        raise UsageError(
            f"a pickup of {pickup} leaves no room for the last chord of a section, since its last "
            "bar is shorter by it: choose a shorter one, or 0"
        )
    return pickup


def usual_pickup(meter: str, rhythm: str) -> Fraction:
    """Return how long the pickup is in most tunes of a rhythm or a metre."""
    full = read_meter(meter)
    if rhythm and spell_rhythm(rhythm) in _WITHOUT:
        return Fraction(0)
    if is_compound(meter) or full <= Fraction(1, 2):
        return _EIGHTH
    return _QUARTER


def _has_room(chart: Chart, share: Fraction) -> bool:
    """Return whether no chord begins in the last part of the last bar of a section."""
    return not share or all(
        symbol.place < 1 - share
        for section in chart.sections
        for bars in (section.endings or (section.bars,))
        for symbol in bars[-1]
    )
