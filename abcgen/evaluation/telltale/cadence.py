"""Features of cadences, where sections and their halves end, and of form."""

import math

from abcgen.evaluation.telltale.outline import TICKS, Outline, Part
from abcgen.evaluation.telltale.shares import AUTHENTIC, EIGHT, count_shares
from abcgen.evaluation.telltale.values import NONE, Features, histogram, mean, share
from abcgen.notation.keys import mode_of, tonic_of
from abcgen.notation.tune import read_meter

_EIGHTHS = 8  # in a whole note
_DEGREES = (0, 2, 4, 5, 7, 9, 11)  # semitones above the tonic
_HALF = 4  # bars before the middle of a section of eight


def cadence_of(outline: Outline) -> Features:
    """Return the features of cadences by name."""
    tonic, first, last = outline.tonic, outline.parts[0], outline.parts[-1]
    found: Features = {}
    for name, part in (("last section", last), ("first section", first)):
        found |= _degree(f"{name} ends on", (part.last.pitch - tonic) % 12)
        found[f"{name}: last note in eighths"] = float(part.last.duration * _EIGHTHS)
        found[f"{name}: notes of the last bar"] = len(part.bars[-1].steps)
        found[f"{name}: notes of the bar before the last"] = (
            len(part.bars[-2].steps) if len(part.bars) > 1 else NONE
        )
        found[f"{name}: last note above the first, in steps"] = _rise(part)
    for name, part in (("last section", last), ("first section", first)):
        found |= _degree(f"{name}: bar 4 ends on", _half_way(outline, part))
    found["sections that end on the tonic"] = share(
        part.last.pitch % 12 == tonic for part in outline.parts
    )
    found["sections that end in the same rhythm"] = share(
        part.bars[-1].rhythm == first.bars[-1].rhythm for part in outline.parts[1:]
    )
    end = outline.notes[-3:]
    found["last step in semitones"] = end[-1].pitch - end[-2].pitch if len(end) > 1 else NONE
    found["step before the last in semitones"] = end[1].pitch - end[0].pitch if end[2:] else NONE
    found |= _degree("tune begins on", (outline.notes[0].pitch - tonic) % 12)
    authentic, of = count_shares([outline])[AUTHENTIC]
    found[AUTHENTIC] = float(authentic) if of else NONE
    return found


def form_of(outline: Outline) -> Features:
    """Return the features of form by name."""
    parts, bars = outline.parts, outline.bars
    setting = outline.tune.setting
    lengths = [len(part.bars) for part in parts]
    pickups = [part.pickup for part in parts]
    full = read_meter(setting.meter) * _EIGHTHS * TICKS
    written = outline.music.bars
    return {
        "sections": float(len(parts)),
        "bars": float(len(bars)),
        "bars of the first section": float(lengths[0]),
        "bars of the second section": float(lengths[1]) if len(parts) > 1 else NONE,
        "sections of eight bars": share(length == EIGHT for length in lengths),
        "sections of the same length": share(length == lengths[0] for length in lengths[1:]),
        "sections with a pickup": share(pickup is not None for pickup in pickups),
        "sections with the first one's pickup": share(
            (one and one.length) == (pickups[0] and pickups[0].length) for one in pickups[1:]
        ),
        "length of the pickups in eighths": mean(p.length / TICKS for p in pickups if p),
        "short last bars": share(part.bars[-1].length < full for part in parts),
        "repeated sections": share(part.repeated for part in parts),
        "sections with endings": share(part.endings for part in parts),
        "bars in another key": share(bar.setting.key != setting.key for bar in written),
        "bars in another metre": share(bar.setting.meter != setting.meter for bar in written),
        "minor mode": float(mode_of(setting.key) not in ("", "mix")),
        "tonic above C": float(tonic_of(setting.key)),
    }


def _degree(name: str, semitones: float) -> Features:
    """Return a degree of the scale, in semitones above the tonic or NaN, as features."""
    if math.isnan(semitones):
        return {f"{name} degree {degree}": NONE for degree in range(1, len(_DEGREES) + 1)}
    return histogram(f"{name} degree", range(1, len(_DEGREES) + 1), [_number(int(semitones))])


def _number(semitones: int) -> int:
    """Return the degree, 1 to 7, of a note so many semitones above the tonic."""
    return 1 + sum(semitones > degree for degree in (0, 2, 4, 6, 7, 9))


def _half_way(outline: Outline, part: Part) -> float:
    """Return the last note of a section's fourth bar in semitones above the tonic, or NaN."""
    steps = part.bars[_HALF - 1].steps if len(part.bars) >= EIGHT else ()
    if not steps:
        return NONE
    above = (steps[-1] - "CDEFGAB".index(outline.tune.setting.key[0])) % len(_DEGREES)
    return float(_DEGREES[above])


def _rise(part: Part) -> float:
    """Return how many steps of the scale a section's last bar ends above its first note."""
    first = next((bar.steps[0] for bar in part.bars if bar.steps), None)
    last = next((bar.steps[-1] for bar in reversed(part.bars) if bar.steps), None)
    return float(last - first) if first is not None and last is not None else NONE
