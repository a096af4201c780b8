"""A tune as an MEI document."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.formats.key_signatures import accidentals_printed, fifths_printed
from abcgen.formats.mei import signs
from abcgen.formats.mei.bars import BarWriter, tstamp
from abcgen.formats.mei.heading import page_head, tempo
from abcgen.formats.mei.lines import CHANGE, lines_of, width_of
from abcgen.formats.printed_tempos import begins_with_tempo
from abcgen.formats.xml_text import safe
from abcgen.music.tempo import written_tempo
from abcgen.notation.engraving import score_of
from abcgen.notation.score import Measure
from abcgen.notation.tune import Setting, Tune, read_meter

_METERS = {
    "C": 'meter.sym="common" meter.count="4" meter.unit="4"',
    "C|": 'meter.sym="cut" meter.count="2" meter.unit="2"',
}
#: Bar line as `Measure.line` has it -> its name.
_LINES = {"|": "single", "||": "dbl", "|]": "end", "[|": "dbl", ".|": "dotted", "[|]": "invis"}
_ACCIDENTALS = {2: "x", 1: "s", -1: "f", -2: "ff"}
_TWICE = 2
#: Stands before a bar that begins a line.
LINE_BREAK = "<sb/>"
#: A bar as its first and its last measure, which differ if it is a long rest.
_Bar = tuple[Measure, Measure]


def mei_of(tune: Tune) -> str:
    """Return a tune as an MEI document of one staff.

    Parameters
    ----------
    tune : Tune
        The tune as written. The ids of its notes are offsets in the text that it was read from.

    Raises
    ------
    NotationError
        If the tune cannot be read, or has a note too high or too low for a score.
    """
    bars = list(_bars(score_of(tune)))
    title = safe(tune.title)
    composer = f"<composer>{safe(tune.field('C') or '')}</composer>" if tune.field("C") else ""
    setting = bars[0][0].setting
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0">'
        f"<meiHead><fileDesc><titleStmt><title>{title}</title>{composer}</titleStmt><pubStmt/>"
        "</fileDesc></meiHead><music><body><mdiv><score>"
        f"<scoreDef{_key(setting)}{_meter(setting)}>{page_head(tune)}{_own_key(setting)}<staffGrp>"
        '<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef>'
        f"<section>{''.join(_body(tune, bars))}</section>"
        "</score></mdiv></body></music></mei>\n"
    )


def _bars(measures: Sequence[Measure]) -> Iterator[_Bar]:
    """Yield the bars as they are written."""
    place = 0
    while place < len(measures):
        first = measures[place]
        place += max(1, first.rest_bars)
        yield first, measures[place - 1]


def _body(tune: Tune, bars: Sequence[_Bar]) -> Iterator[str]:
    """Yield the bars with line breaks, endings and changes of key and metre between them."""
    writer = BarWriter(tune.offset_of)
    drawn = [writer.write(first) for first, _ in bars]
    before = bars[0][0].setting
    if not begins_with_tempo(bars[0][0]):
        drawn[0].signs.insert(0, tempo(written_tempo(tune), tstamp(Fraction(0), before)))
    begins = _line_begins(bars)
    for place, ((first, last), bar) in enumerate(zip(bars, drawn, strict=True)):
        if place and place in begins:
            yield LINE_BREAK
        yield _change(before, first.setting)
        if first.begins_ending:
            yield _ending(first)
        yield (
            f'<measure xml:id="m{place}" n="{first.number}"{_bar_lines(first, last)}>'
            f'<staff n="1"><layer n="1">{bar.layer}</layer></staff>{"".join(bar.signs)}'
            f"{_times(last)}</measure>"
        )
        if last.ends_ending:
            yield "</ending>"
        before = first.setting


def _times(last: Measure) -> str:
    """Return how often a section is played that ends with a bar, if that must be told."""
    if not last.ends_repeat or last.times == _TWICE:
        return ""
    return signs.times(last.times, tstamp(last.duration, last.setting))


def _line_begins(bars: Sequence[_Bar]) -> set[int]:
    """Return the bars that begin a line of the score."""
    widths = []
    before = bars[0][0].setting
    for first, _ in bars:
        widths.append(width_of(first) + (CHANGE if first.setting.key != before.key else 0))
        before = first.setting
    return {line.start for line in lines_of(widths, [first.begins_line for first, _ in bars])}


def _ending(measure: Measure) -> str:
    """Return the tag that begins an ending."""
    end = ' lendsym="none"' if measure.open_ending else ""
    return f'<ending n="{", ".join(map(str, measure.ending))}"{end}>'


def _bar_lines(first: Measure, last: Measure) -> str:
    """Return the attributes of a bar that tell its bar lines, and whether it is short."""
    left = ' left="rptstart"' if first.repeat_sign else ""
    short = "" if first.duration == read_meter(first.setting.meter) else ' metcon="false"'
    return f'{left}{short} right="{"rptend" if last.ends_repeat else _LINES[last.line]}"'


def _change(before: Setting, now: Setting) -> str:
    """Return the element of a change of key or metre, or nothing."""
    key = _key(now) if now.key != before.key else ""
    meter = _meter(now) if now.meter != before.meter else ""
    own = _own_key(now) if now.key != before.key else ""
    return f"<scoreDef{key}{meter}>{own}</scoreDef>" if key or meter or own else ""


def _key(setting: Setting) -> str:
    fifths = fifths_printed(setting.key)
    if fifths is None:
        return ""
    return f' keysig="{abs(fifths) or ""}{"s" if fifths > 0 else "f" if fifths else "0"}"'


def _own_key(setting: Setting) -> str:
    """Return the element of a key signature that is no usual one, or nothing."""
    if fifths_printed(setting.key) is not None:
        return ""
    signs = (
        f'<keyAccid pname="{letter.lower()}" accid="{_ACCIDENTALS[semitones]}"/>'
        for letter, semitones in accidentals_printed(setting.key)
    )
    return f"<keySig>{''.join(signs)}</keySig>"


def _meter(setting: Setting) -> str:
    if setting.meter in _METERS:
        return f" {_METERS[setting.meter]}"
    count, _, unit = setting.meter.partition("/")
    return f' meter.count="{count}" meter.unit="{unit}"'
