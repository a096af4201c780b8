"""The score of a tune: its bars as they are printed, numbered, with repeats and endings marked."""

from abcgen.notation.bar_numbers import section_numbers
from abcgen.notation.carried import Carried
from abcgen.notation.engraved_bar import engrave_bar
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.score import Measure
from abcgen.notation.tune import Tune, read_meter


def score_of(tune: Tune) -> list[Measure]:
    """Return the bars of a tune as they are printed.

    Raises
    ------
    NotationError
        If the tune holds something that abcgen does not understand; the message is the reason.
    """
    carried = Carried()
    sections = read_sections(tune, ornaments=True, layout=True, playing=True)
    parts = [_engrave(section, carried) for section in sections]
    carried.drop_slurs()
    number = 0
    for part in parts:
        number = _set_numbers(part, number)
    return [measure for part in parts for measure in part]


def _engrave(section: Section, carried: Carried) -> list[Measure]:
    """Return the bars of a section."""
    measures = _engrave_bars(section.bars, carried)
    measures[0].begins_repeat = section.repeated
    now, ties = carried.now, carried.ties
    for times, bars in zip(section.ending_times(), section.endings, strict=True):
        carried.into_ending(now, ties, first=times[0] == 1)
        ending = _engrave_bars(bars, carried)
        measures += ending
        for measure in ending:
            measure.ending = times
        ending[0].begins_ending = True
        ending[-1].ends_ending = True
        ending[-1].ends_repeat = times[0] < section.last_time
        if ending[-1].ends_repeat:
            carried.go_back()
    if section.endings:
        measures[-1].open_ending = section.open_ended
    else:
        measures[-1].ends_repeat = section.repeated
        measures[-1].times = section.times
    return measures


def _engrave_bars(bars: list[Bar], carried: Carried) -> list[Measure]:
    measures: list[Measure] = []
    for bar in bars:
        measures += engrave_bar(bar, carried)
        measures[-1].line = bar.line
    return measures


def _set_numbers(section: list[Measure], number: int) -> int:
    """Set the numbers of bars that follow a bar of this number; return the last one."""
    parts: dict[tuple[int, ...], list[bool]] = {(): []}
    for measure in section:
        short = measure.duration < read_meter(measure.setting.meter)
        parts.setdefault(measure.ending, []).append(short)
    bars, *endings = parts.values()
    for measure, own in zip(section, section_numbers(bars, endings, number), strict=True):
        measure.number, measure.counted = own, own > number
        number = own
    return number
