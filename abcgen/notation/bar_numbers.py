"""The numbers of bars, as musicians count: bar 1 is the first full one, a pickup before it bar 0.

Bars are counted over all sections, those of each ending too. A bar that only completes the one
before has the number of that: a short bar at the start of a section, or at the start of an ending
after a short bar. The grammar counts canonical tunes in the same way (`Form.counts`).
"""

from collections.abc import Sequence


def section_numbers(
    bars: Sequence[bool], endings: Sequence[Sequence[bool]], before: int
) -> list[int]:
    """Return the numbers of a section's bars, then of those of its endings.

    Parameters
    ----------
    bars : sequence of bool
        For each bar before the endings whether it is shorter than its metre.
    endings : sequence of sequence of bool
        The same for the bars of each ending.
    before : int
        The number of the bar before the section; 0 for none.
    """
    numbers: list[int] = []
    short_before = True  # the bar before this part of the section
    for part in (bars, *endings):
        for place, short in enumerate(part):
            completes = place == 0 and short and short_before
            before += not completes
            numbers.append(before)
        short_before = bars[-1]
    return numbers
