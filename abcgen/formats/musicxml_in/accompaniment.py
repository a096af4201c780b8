"""Chords for a melody from the other parts, voices and staves of a MusicXML file."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from xml.etree.ElementTree import Element

from abcgen.formats.bar_text import QUARTER, WHOLE
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.chords import chords_of
from abcgen.formats.midi_in.harmony import Heard
from abcgen.formats.midi_in.symbols import moved_symbol
from abcgen.formats.musicxml_in.measures import ReadMeasure, measures_of
from abcgen.formats.musicxml_in.writing import keys_of, meters_of
from abcgen.notation.tune import read_meter

_SIXTEENTH = QUARTER // 4
_OCTAVE = 12


def add_chords(root: Element, melody: Element, measures: Sequence[ReadMeasure]) -> None:
    """Give the bars of a melody chords: the symbols of another part, or what the others play.

    Parameters
    ----------
    root : Element
        The ``score-partwise``.
    melody : Element
        The part of the melody.
    measures : sequence of ReadMeasure
        Its bars; their `chords` are filled.

    Raises
    ------
    CorpusError
        If another part makes no sense.
    """
    read = [
        list(measures_of(part, melody=False)) for part in root.findall("part") if part is not melody
    ]
    # A bar in which a repeat begins may be whole in one part and in two in the other.
    others = [part for part in read if len(part) == len(measures)]
    # Chords stand for the melody as it is written, which may sound higher or lower.
    transposition = measures[0].transposition
    keys = keys_of(root, measures)
    for part in others:
        if any(measure.chords for measure in part):
            up = part[0].transposition - transposition
            for mine, theirs, key in zip(measures, part, keys, strict=True):
                mine.chords = [
                    (onset, moved_symbol(symbol, up, key) if up % _OCTAVE else symbol)
                    for onset, symbol in theirs.chords
                ]
            return
    meters = meters_of(measures)
    onsets = [0, *accumulate(int(measure.length) for measure in measures)]
    bars = [
        Bar(onset, onset + int(measure.length), meter, int(WHOLE * read_meter(meter)))
        for onset, measure, meter in zip(onsets, measures, meters, strict=False)
    ]
    heard = sorted(
        (
            Heard(
                onset + round(place / _SIXTEENTH) * _SIXTEENTH, int(length), pitch - transposition
            )
            for part in (measures, *others)
            for onset, measure in zip(onsets[:-1], part, strict=False)
            for place, length, pitch in measure.others
        ),
        key=lambda note: (note.onset, note.pitch),
    )
    for onset, symbol in chords_of(heard, bars, keys[0]):
        at = bisect_right(onsets, onset) - 1
        measures[at].chords.append((onset - onsets[at], symbol))
