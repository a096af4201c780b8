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
    in_parts = bool(tune.field("P"))  # they are then played in an order of their own
    sections = read_sections(tune, ornaments=True, layout=True, playing=True, parts=in_parts)
    measures: list[Measure] = []
    for section in sections:
        engraved = _engrave(section, carried)
        behind_repeat = not measures or measures[-1].ends_repeat
        engraved[0].repeat_sign = section.repeated and (section.opened or not behind_repeat)
        _set_numbers(engraved, measures[-1].number if measures else 0)
        measures += engraved
    carried.drop_slurs()
    measures[-1].line = "|]"
    return measures


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
            measure.open_ending = section.open_ended and bars is section.endings[-1]
        ending[0].begins_ending = True
        ending[-1].ends_ending = True
        ending[-1].ends_repeat = times[0] < section.last_time
        if ending[-1].ends_repeat:
            carried.go_back()
    if not section.endings:
        measures[-1].ends_repeat = section.repeated
        measures[-1].times = section.times
    return measures


def _engrave_bars(bars: list[Bar], carried: Carried) -> list[Measure]:
    measures: list[Measure] = []
    for bar in bars:
        measures += engrave_bar(bar, carried)
        measures[-1].line = _bar_line(bar)
    return measures


def _bar_line(bar: Bar) -> str:
    """Return the bar line after a bar, as `Measure` has it."""
    line = bar.line
    for kind in ("[|]", "|]", "[|", "||"):
        if kind in line:
            return kind
    # A `:|` after which nothing is repeated ends a last ending.
    if line.endswith(":|"):
        return "||"
    return ".|" if bar.tokens[-1].text == "." else "|"


def _set_numbers(section: list[Measure], number: int) -> None:
    """Set the numbers of bars that follow a bar of this number."""
    parts: dict[tuple[int, ...], list[bool]] = {(): []}
    for measure in section:
        short = measure.duration < read_meter(measure.setting.meter)
        parts.setdefault(measure.ending, []).append(short)
    bars, *endings = parts.values()
    for measure, own in zip(section, section_numbers(bars, endings, number), strict=True):
        measure.number, measure.counted = own, own > number
        number = own
