"""A tune as an MEI document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise, takewhile
from operator import length_hint

from abcgen.formats.mei import signs
from abcgen.formats.mei.bars import BarWriter, DrawnBar
from abcgen.formats.mei.heading import page_head, tempo
from abcgen.formats.mei.lines import CHANGE, lines_of, width_of
from abcgen.formats.mei.pitches import Tie
from abcgen.formats.mei.xml import safe
from abcgen.notation.bar_numbers import section_numbers
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.keys import fifths_of
from abcgen.notation.tokens import Token
from abcgen.notation.tune import Setting, Tune, read_meter

_START = 'tstamp="1"'
_SOUNDS = frozenset({"note", "group", "rest"})
_METERS = {
    "C": 'meter.sym="common" meter.count="4" meter.unit="4"',
    "C|": 'meter.sym="cut" meter.count="2" meter.unit="2"',
}


@dataclass(slots=True)
class _Measure:
    """A bar at its place: the times of its ending, if it is in one, and its bar lines in MEI.

    `times` is how often the section is played that ends here, if that must be told.
    """

    bar: Bar
    ending: tuple[int, ...] = ()
    open_ending: bool = False
    times: int = 0
    number: int = 0
    left: str = ""
    right: str = "single"
    drawn: DrawnBar = field(default_factory=DrawnBar)


def mei_of(tune: Tune) -> str:
    """Return a tune as an MEI document of one staff.

    Parameters
    ----------
    tune : Tune
        The tune as written. The ids of its notes are offsets in the text that it was read from.

    Raises
    ------
    NotationError
        If the tune cannot be read, or a length or pitch in it cannot be drawn.
    """
    sections = read_sections(tune, ornaments=True, layout=True, playing=True)
    measures: list[_Measure] = []
    for section in sections:
        before = measures[-1].right if measures else "rptend"
        measures += _measures(section, before)
    if measures[-1].right != "rptend":
        measures[-1].right = "end"
    _draw(tune, sections, measures)
    begins = _line_begins(measures)
    speed = "" if measures[0].drawn.begins_with_tempo else tempo(tune.field("Q") or "", _START)
    title = safe(tune.title)
    composer = f"<composer>{safe(tune.field('C') or '')}</composer>" if tune.field("C") else ""
    setting = measures[0].bar.setting
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0">'
        f"<meiHead><fileDesc><titleStmt><title>{title}</title>{composer}</titleStmt><pubStmt/>"
        "</fileDesc></meiHead><music><body><mdiv><score>"
        f"<scoreDef{_key(setting)}{_meter(setting)}>{page_head(tune)}<staffGrp>"
        '<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef>'
        f"<section>{''.join(_body(measures, begins, speed))}</section>"
        "</score></mdiv></body></music></mei>\n"
    )


def _measures(section: Section, before: str) -> list[_Measure]:
    """Return the bars of a section with their bar lines; `before` is the one before them.

    A repeat begins with a sign unless the tune or the repeat before it says where.
    """
    measures = [_Measure(bar) for bar in section.bars]
    ends = [] if section.endings else [measures[-1]]
    for times, ending in zip(section.ending_times(), section.endings, strict=True):
        measures += [_Measure(bar, times) for bar in ending]
        ends.append(measures[-1])
    if section.repeated and (section.opened or before != "rptend"):
        measures[0].left = "rptstart"
    for measure in measures:
        measure.right = _bar_line(measure.bar.line)
    for end in ends:
        if (end.ending or (1,))[0] < section.last_time:
            end.right = "rptend"
    measures[-1].open_ending = section.open_ended
    if not section.endings and section.last_time > 2:
        measures[-1].times = section.last_time
    return measures


def _bar_line(line: str) -> str:
    """Return the MEI name of a bar line without a repeat."""
    if "[|]" in line:
        return "invis"
    if "]" in line:
        return "end"
    # A `:|` after which nothing is repeated ends a last ending.
    return "dbl" if "||" in line or "[|" in line or line.endswith(":|") else "single"


def _draw(tune: Tune, sections: list[Section], measures: list[_Measure]) -> None:
    """Write the notes of all bars."""
    writer = BarWriter(tune)
    waiting = iter(measures)
    number = 0
    for section in sections:
        first = len(measures) - length_hint(waiting)
        for bar in section.bars:
            next(waiting).drawn = writer.write(bar)
        # A tie into an ending sounds in each; into the later ones it comes from the bar line.
        tied = {place: Tie("", tie.alteration) for place, tie in writer.pitches.tied.items()}
        for place, ending in enumerate(section.endings):
            if place:
                writer.pitches.tied = dict(tied)
            for bar in ending:
                next(waiting).drawn = writer.write(bar)
        number = _number(measures[first : len(measures) - length_hint(waiting)], number)


def _number(section: list[_Measure], number: int) -> int:
    """Set the numbers of a section's bars; return the number of the last one."""
    parts: dict[tuple[int, ...], list[bool]] = {(): []}
    for measure in section:
        short = measure.drawn.length < read_meter(measure.bar.setting.meter)
        parts.setdefault(measure.ending, []).extend([short] * measure.drawn.rest_bars)
    bars, *endings = parts.values()
    numbers = iter(section_numbers(bars, endings, number))
    for measure in section:
        measure.number, *more = islice(numbers, measure.drawn.rest_bars)
        number = more[-1] if more else measure.number
    return number


def _line_begins(measures: list[_Measure]) -> set[int]:
    """Return the bars that begin a line of the score."""
    breaks = [False]
    breaks += [_breaks_between(one.bar, other.bar) for one, other in pairwise(measures)]
    widths = []
    for place, measure in enumerate(measures):
        changed = place and measure.bar.setting.key != measures[place - 1].bar.setting.key
        widths.append(width_of(measure.drawn) + (CHANGE if changed else 0))
    return {line.start for line in lines_of(widths, breaks)}


def _breaks_between(bar: Bar, following: Bar) -> bool:
    """Return whether a line of the text ends between two bars."""
    continued = False
    for token in [*_tail(bar), *_head(following)]:
        if token.kind == "newline":
            if not continued:
                return True
            continued = False
        elif token.kind == "layout":
            if token.text in "!$*":  # line breaks of other programs
                return True
            continued = token.text == "\\"
    return False


def _tail(bar: Bar) -> list[Token]:
    """Return the tokens after the last sound of a bar."""
    tokens = bar.tokens
    last = max(place for place, token in enumerate(tokens) if token.kind in _SOUNDS)
    return tokens[last + 1 :]


def _head(bar: Bar) -> Iterator[Token]:
    """Return the tokens before the first sound of a bar."""
    return takewhile(lambda token: token.kind not in _SOUNDS, bar.tokens)


def _body(measures: list[_Measure], begins: set[int], tempo: str) -> Iterator[str]:
    """Yield the bars with line breaks, endings and changes of key and metre between them."""
    setting = measures[0].bar.setting
    for ending, some in groupby(enumerate(measures), key=lambda numbered: numbered[1].ending):
        bars = list(some)
        opening = _ending(ending, bars[-1][1].open_ending) if ending else ""
        for number, measure in bars:
            if number in begins and number:
                yield "<sb/>"
            yield _change(setting, measure.bar.setting)
            yield opening
            yield _measure_xml(number, measure, tempo if number == 0 else "")
            opening, setting = "", measure.bar.setting
        if ending:
            yield "</ending>"


def _ending(times: tuple[int, ...], is_open: bool) -> str:
    """Return the tag that begins an ending."""
    end = ' lendsym="none"' if is_open else ""
    return f'<ending n="{", ".join(map(str, times))}"{end}>'


def _measure_xml(place: int, measure: _Measure, tempo: str) -> str:
    drawn, full = measure.drawn, read_meter(measure.bar.setting.meter)
    attributes = f' left="{measure.left}"' if measure.left else ""
    if drawn.length != full:
        attributes += ' metcon="false"'
    times = signs.times(measure.times, drawn.end) if measure.times else ""
    return (
        f'<measure xml:id="m{place}" n="{measure.number}"{attributes} right="{measure.right}">'
        f'<staff n="1"><layer n="1">{drawn.layer}</layer></staff>'
        f"{tempo}{''.join(drawn.signs)}{times}"
        "</measure>"
    )


def _change(before: Setting, now: Setting) -> str:
    """Return the element of a change of key or metre, or nothing."""
    key = _key(now) if now.key != before.key else ""
    meter = _meter(now) if now.meter != before.meter else ""
    return f"<scoreDef{key}{meter}/>" if key or meter else ""


def _key(setting: Setting) -> str:
    fifths = fifths_of(setting.key)
    return f' keysig="{abs(fifths) or ""}{"s" if fifths > 0 else "f" if fifths else "0"}"'


def _meter(setting: Setting) -> str:
    if setting.meter in _METERS:
        return f" {_METERS[setting.meter]}"
    count, _, unit = setting.meter.partition("/")
    return f' meter.count="{count}" meter.unit="{unit}"'
