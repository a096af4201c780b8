"""What is counted in tunes to compare them: notes, steps, lengths, places in the bar, metres.

A tune is taken as it is written, each bar once. Of notes that begin together the highest counts,
as in `abcgen.melodies.melody`. Tied notes are one; grace notes do not count.
"""

import bisect
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from abcgen.grammar.header import METERS
from abcgen.melodies.melody import top_notes
from abcgen.music.notes import Note, PlayedBar, music_of_bars
from abcgen.notation.form import Section, read_sections
from abcgen.notation.keys import tonic_of
from abcgen.notation.tune import read_meter, read_tune

_EIGHTHS = 8  # in a whole note
_WIDEST = 12  # semitones
_FINEST = 2  # places in an eighth
_THIRDS = [Fraction(third, 3) for third in (1, 2, 4)]  # in triplets
_PLAIN = [Fraction(half, 4) for half in (2, 3, 4, 6, 8, 12, 16, 20, 24, 32)]
_LENGTHS = tuple(sorted(_THIRDS + _PLAIN))
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Line:
    """A tune's line of melody.

    Attributes
    ----------
    notes : list of Note
        In order of onset.
    bars : list of PlayedBar
        In the order in which they are written.
    begins : list of Fraction
        Where in its metre each bar begins, in whole notes: 0, or later for a pickup and for the
        rest of a bar that was divided.
    """

    notes: list[Note]
    bars: list[PlayedBar]
    begins: list[Fraction]

    def bars_of_notes(self) -> list[int]:
        """Return the index of the bar in which each note begins."""
        onsets = [bar.onset for bar in self.bars]
        return [bisect.bisect_right(onsets, note.onset) - 1 for note in self.notes]


def line_of(text: str) -> Line:
    """Return the line of a tune's text.

    Raises
    ------
    NotationError
        If abcgen cannot read it.
    """
    sections = read_sections(read_tune(text))
    music = music_of_bars(bar for section in sections for bar in section.written())
    return Line(top_notes(music.notes), music.bars, _begins(sections, music.bars))


def _begins(sections: Iterable[Section], bars: Iterable[PlayedBar]) -> list[Fraction]:
    """Return where in its metre each bar begins, in whole notes."""
    begins: list[Fraction] = []
    left = iter(bars)
    for section in sections:
        at_endings = None
        for index, part in enumerate([section.bars, *section.endings]):
            # A short bar at the beginning of a section is a pickup, so it is counted from its end.
            # At the beginning of an ending it continues where the bars before the endings stop.
            begin = at_endings if index else None
            for bar in itertools.islice(left, len(part)):
                full = read_meter(bar.setting.meter)
                if begin is None:
                    begin = max(full - bar.duration, Fraction(0))
                begins.append(begin)
                end = begin + bar.duration
                begin = end if end < full else Fraction(0)
            if not index:
                at_endings = begin
    return begins


def _pitch_classes(line: Line) -> list[int]:
    tonics = [tonic_of(bar.setting.key) for bar in line.bars]
    return [
        (note.pitch - tonics[bar]) % 12
        for note, bar in zip(line.notes, line.bars_of_notes(), strict=True)
    ]


def _intervals(line: Line) -> list[int]:
    return [
        min(max(second.pitch - first.pitch, -_WIDEST), _WIDEST) + _WIDEST
        for first, second in itertools.pairwise(line.notes)
    ]


def _lengths(line: Line) -> list[int]:
    lengths = [note.duration * _EIGHTHS for note in line.notes]
    return [_LENGTHS.index(one) if one in _LENGTHS else len(_LENGTHS) for one in lengths]


def _places(line: Line) -> list[int]:
    places = []
    for note, bar in zip(line.notes, line.bars_of_notes(), strict=True):
        place = line.begins[bar] + note.onset - line.bars[bar].onset
        places.append(min(int(place * _EIGHTHS * _FINEST), len(_PLACE_NAMES) - 1))
    return places


def _meters(line: Line) -> list[int]:
    meter = line.bars[0].setting.meter
    return [list(METERS).index(meter) if meter in METERS else len(METERS)]


_PLACE_NAMES = tuple(f"{place / _FINEST:g}" for place in range(max(METERS.values()) * _FINEST))


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that can be counted in a tune.

    Attributes
    ----------
    name : str
        Its name in tables.
    axis : str
        The meaning of the bins, with the unit.
    counted : str
        What is counted.
    bins : tuple of str
        The name of each bin.
    find : callable
        Takes a line and returns the bin of each thing counted in it.
    """

    name: str
    axis: str
    counted: str
    bins: tuple[str, ...]
    find: Callable[[Line], list[int]]


#: All features that are compared. A place between two bins (triplets) counts for the one before.
FEATURES = (
    Feature(
        "pitch classes",
        "semitones above the tonic",
        "notes",
        tuple(map(str, range(12))),
        _pitch_classes,
    ),
    Feature(
        "intervals",
        f"semitones to the next note ({_WIDEST} stands for {_WIDEST} and more)",
        "steps",
        tuple(
            f"{semitones:+d}" if semitones else "0" for semitones in range(-_WIDEST, _WIDEST + 1)
        ),
        _intervals,
    ),
    Feature(
        "note lengths",
        "eighth notes",
        "notes",
        (*map(str, _LENGTHS), _OTHERS),
        _lengths,
    ),
    Feature(
        "places in the bar",
        "eighth notes from the beginning of the bar",
        "notes",
        _PLACE_NAMES,
        _places,
    ),
    Feature("metres", "metre at the beginning", "tunes", (*METERS, _OTHERS), _meters),
)


def count_features(texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Count the features of tunes.

    Parameters
    ----------
    texts : sequence of str
        Each from its X: line on.

    Returns
    -------
    dict of str to array
        By the name of each feature, how often each of its bins occurs in each tune: int64
        (tunes, bins).

    Raises
    ------
    NotationError
        If a tune cannot be read.
    """
    lines = [line_of(text) for text in texts]
    return {
        feature.name: np.stack(
            [np.bincount(feature.find(line), minlength=len(feature.bins)) for line in lines]
        ).astype(np.int64)
        for feature in FEATURES
    }
