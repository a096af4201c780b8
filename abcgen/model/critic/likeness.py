"""What a critic measures of structure: how alike the bars of a tune are."""

from collections.abc import Sequence

from abcgen.model.critic.seen import Measures, SeenBar, SeenTune, add_mean

#: Bars that are so many apart are compared, and these of a section, counted from 1.
_APART = (1, 2, 3, 4, 8, 16)
_PAIRS = (
    *((1, 2), (1, 3), (2, 4), (1, 5), (2, 6), (3, 7), (4, 8), (5, 7), (6, 8)),
    *((3, 5), (5, 6), (7, 8)),
)
_MOST_BARS = 8
_FEWEST_MOVED = 3  # notes


def likeness_of(tune: SeenTune) -> Measures:
    """Return how alike bars are that are so many apart, or at certain places."""
    found: Measures = {"sections": len(tune.sections), "bars": len(tune.bars)}
    for apart in _APART:
        pairs = list(zip(tune.bars, tune.bars[apart:], strict=False))
        add_mean(found, f"same, {apart} apart", (a.sounds == b.sounds for a, b in pairs))
        add_mean(found, f"alike, {apart} apart", (a.alike(b) for a, b in pairs))
        add_mean(found, f"same rhythm, {apart} apart", (a.rhythm == b.rhythm for a, b in pairs))
        add_mean(found, f"rhythms alike, {apart} apart", (_begin_alike(a, b) for a, b in pairs))
        may_move = [(a, b) for a, b in pairs if a.rhythm == b.rhythm and _many(a)]
        add_mean(found, f"moved, {apart} apart", (_is_moved(a, b) for a, b in may_move))
    bars = max(len(tune.bars), 1)
    found["different bars"] = len({bar.sounds for bar in tune.bars}) / bars
    found["different rhythms"] = len({bar.rhythm for bar in tune.bars}) / bars
    for number, section in enumerate(tune.sections[:2], 1):
        found |= {f"section {number}: {name}": value for name, value in _plan(section).items()}
    if len(tune.sections) > 1:
        first, second, last = tune.sections[0], tune.sections[1], tune.sections[-1]
        pairs = list(zip(first, second, strict=False))[:_MOST_BARS]
        for at, (a, b) in enumerate(pairs, 1):
            found[f"bar {at} as in the first section"] = a.alike(b)
        for back in range(1, min(len(first), len(last), _MOST_BARS // 2) + 1):
            found[f"bar {back} from the end as there"] = first[-back].alike(last[-back])
    return found


def _plan(section: Sequence[SeenBar]) -> Measures:
    found: Measures = {
        "bars": len(section),
        "different bars": len({bar.sounds for bar in section[:_MOST_BARS]}),
        "different rhythms": len({bar.rhythm for bar in section[:_MOST_BARS]}),
    }
    for one, other in _PAIRS:
        if other <= len(section):
            a, b = section[one - 1], section[other - 1]
            found[f"bars {one} and {other} alike"] = a.alike(b)
            found[f"bars {one} and {other} in one rhythm"] = a.rhythm == b.rhythm
    return found


def _begin_alike(one: SeenBar, other: SeenBar) -> float:
    """Return the share of all beginnings of notes in two bars that are in both."""
    a, b = ({at for at, step, _ in bar.notes if step} for bar in (one, other))
    return len(a & b) / max(len(a | b), 1)


def _many(bar: SeenBar) -> bool:
    return len(bar.steps) >= _FEWEST_MOVED


def _is_moved(one: SeenBar, other: SeenBar) -> bool:
    return len({b - a for a, b in zip(one.steps, other.steps, strict=True)} - {0}) == 1
