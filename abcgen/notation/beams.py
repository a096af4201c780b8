"""Beams: which of them begin, go on and end at each note of a group that is beamed together."""

from collections.abc import Sequence

from abcgen.notation.values import Value

BEGIN, CONTINUE, END = "begin", "continue", "end"
FORWARD, BACKWARD = "forward hook", "backward hook"


def beams_of(values: Sequence[Value]) -> list[tuple[str, ...]]:
    """Return the state of each beam at each note of a group, the outermost beam first.

    Parameters
    ----------
    values : sequence of Value
        Of notes shorter than a quarter; a single one gets no beams but flags.

    Returns
    -------
    list of tuple of str
        For each note as many states as it has beams; none for a single note. A state is one of
        `BEGIN`, `CONTINUE`, `END`, `FORWARD` and `BACKWARD`; the last two are hooks, the short
        beams of a sixteenth beside an eighth.
    """
    if len(values) < 2:
        return [() for _ in values]
    counts = [0, *(value.beams for value in values), 0]
    return [
        tuple(_state(counts, place, level, values) for level in range(1, counts[place] + 1))
        for place in range(1, len(values) + 1)
    ]


def _state(counts: list[int], place: int, level: int, values: Sequence[Value]) -> str:
    """Return the state of one beam; `counts` has a 0 before and after those of the notes."""
    before, after = counts[place - 1] >= level, counts[place + 1] >= level
    if before and after:
        return CONTINUE
    if before or after:
        return END if before else BEGIN
    # A hook points to the dotted note that it completes; else into the group.
    first = place == 1
    completes_next = place < len(values) and values[place].dots > 0
    if first or (completes_next and not values[place - 2].dots):
        return FORWARD
    return BACKWARD
