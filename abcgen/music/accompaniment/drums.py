"""A drum for those who ask for it: strokes of a bodhran by the rhythm of the dance.

====  ============================================================
``D``  a deep stroke, on main beats
``d``  an open one, on other beats
``t``  a light one between them, with the hand on the skin
``-``  nothing new
====  ============================================================
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from abcgen.music.accompaniment.grid import Measure, laid_over
from abcgen.music.accompaniment.patterns import places_in
from abcgen.music.accompaniment.simple import beats_of
from abcgen.music.sounds import Sound

#: Sign -> key of General MIDI percussion (low floor tom, low conga, muted high conga), velocity.
_STROKES = {"D": (41, 66), "d": (64, 54), "t": (62, 38)}
_LENGTH = Fraction(1, 16)  # of a whole note; a drum fades by itself
_COMMON = {
    "": "D-ttd-tt",
    "reel": "DtdtDtdt",
    "hornpipe": "D-dtD-dt",
    "polka": "D-d-D-d-",
    "air": "D---d---",
}
#: Metre -> rhythm, as `abcgen.music.accompaniment.patterns.rhythm_in` names it -> its strokes.
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "4/4": _COMMON,
    "C": _COMMON,
    "C|": {**_COMMON, "": _COMMON["reel"]},
    "2/2": {**_COMMON, "": _COMMON["reel"]},
    "2/4": {"": "Dtdt", "polka": "DdDd", "air": "D-d-"},
    "3/4": {"": "D-t-t-", "mazurka": "D-d-t-", "air": "D-----"},
    "3/2": {"": "D-ttd-ttd-tt"},
    "6/8": {"": "Dttdtt", "slide": "D-td-t", "air": "D--d--"},
    "9/8": {"": "Dttdttdtt", "air": "D--d--d--"},
    "12/8": {"": "DttdttDttdtt", "slide": "D-td-tD-td-t", "air": "D--d--D--d--"},
}


def play_drum(
    measures: Sequence[Measure], rhythm: str, off_beat: Fraction, last_note: Fraction
) -> Iterator[Sound]:
    """Yield the strokes of a drum, from the first full bar on, until the last note begins.

    Parameters
    ----------
    measures : sequence of Measure
    rhythm : str
        As `abcgen.music.accompaniment.patterns.rhythm_in` names it.
    off_beat : Fraction
        As `abcgen.music.accompaniment.grid.off_beat_of` gives it.
    last_note : Fraction
        The onset of the last note of the melody, in whole notes.
    """
    for measure in measures:
        if measure.number < 0:
            continue
        strokes = laid_over(measure, _pattern(rhythm, measure.meter), off_beat)
        for onset, sign in strokes.items():
            if onset <= last_note:
                pitch, velocity = _STROKES[sign]
                yield Sound(pitch, onset, min(_LENGTH, measure.end - onset), velocity)


def _pattern(rhythm: str, meter: str) -> Sequence[tuple[str, Fraction]]:
    known = _PATTERNS.get(meter)
    if known is None:
        return [("D" if beat.letter == "f" else "t", beat.begin) for beat in beats_of(meter)]
    return places_in(known.get(rhythm, known[""]))
