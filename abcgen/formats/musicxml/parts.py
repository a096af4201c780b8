"""The parts of a tune written in the order in which they are played.

The header of a tune may say that its parts A, B and C are played as ``P:ABACA``. MusicXML has no
sign for that, and programs play bars as they stand.
"""

from collections.abc import Sequence
from dataclasses import replace

from abcgen.music.order import in_part_order, part_order
from abcgen.notation.score import Mark, Measure
from abcgen.notation.tune import Tune


def in_played_order(measures: Sequence[Measure], tune: Tune) -> list[Measure]:
    """Return the bars of a tune with its parts written out, numbered again.

    Parameters
    ----------
    measures : sequence of Measure
        In written order.
    tune : Tune
        For the order of its parts.
    """
    order = part_order(tune.field("P") or "")
    parts: list[tuple[str, list[Measure]]] = []
    for measure in measures:
        name = _part_of(measure)
        if name or not parts:
            parts.append((name, []))
        parts[-1][1].append(measure)
    played = list(in_part_order(parts, order))
    written = [bars for _, bars in parts]
    if not any(name in order for name, _ in parts) or played == written:
        return list(measures)
    # The number of the bar before each part, as it is written.
    before = {id(bars): bars[0].number - bars[0].counted for bars in written}
    found: list[Measure] = []
    for bars in played:
        moved = (found[-1].number if found else 0) - before[id(bars)]
        found += [replace(measure, number=measure.number + moved) for measure in bars]
        if found[-1].line == "|":
            found[-1].line = "||"
    for measure in found[:-1]:
        measure.line = "||" if measure.line == "|]" else measure.line
    found[-1].line = "|]"
    return found


def _part_of(measure: Measure) -> str:
    """Return the letter of the part that begins with a bar, or nothing."""
    names = [
        item.text for item in measure.content if isinstance(item, Mark) and item.kind == "part"
    ]
    return names[-1][:1] if names and names[-1][:1].isupper() else ""
