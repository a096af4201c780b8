"""Chord charts from other sources: the chord symbols of a tune, the chords of a song sheet."""

import re
from dataclasses import replace
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.notation.chart import Chart, ChartBar, ChartSection, Symbol, read_chart
from abcgen.notation.chart_text import bare, is_section
from abcgen.notation.chord_symbols import is_silent, read_chord
from abcgen.notation.chords import spell_chord
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.keys import spell_key
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import Tune, read_meter

_MOST_TIMES = 2  # that a section is played, and so the most endings
_IN_BRACKETS = re.compile(r"\[([^\]\n]*)\]")
_DIRECTIVE = re.compile(r"\{\s*(\w+)(?:-\w+)?\s*:?\s*([^}]*?)\s*\}")
_META = re.compile(r"(\w+)[\s:]\s*(.*)")
#: What is no song: tablature, and music in other notations.
_NO_SONG = re.compile(
    r"\{\s*(?:start_of_(?P<long>tab|abc|ly|svg|textblock)|so(?P<short>t))\b[^}]*\}.*?"
    r"\{\s*(?:end_of_(?P=long)|eo(?P=short))\s*\}",
    re.DOTALL,
)
_CHORUS = re.compile(
    r"\{\s*(?:start_of_chorus|soc)\b[^}]*\}(.*?)\{\s*(?:end_of_chorus|eoc)\s*\}"
    r"|\{\s*chorus\b[^}]*\}",
    re.DOTALL,
)
_GRID = re.compile(
    r"\{\s*(?:start_of_grid|sog)\b[^}]*\}(.*?)\{\s*(?:end_of_grid|eog)\s*\}", re.DOTALL
)


def chart_of_tune(tune: Tune) -> Chart:
    """Return the chords of a tune, without those of its pickups.

    Raises
    ------
    NotationError
        If it has no chord symbols or two metres, or is played in another order than one by
        sections with repeats and two endings.
    """
    sections = read_sections(tune)
    meters = dict.fromkeys(bar.setting.meter for section in sections for bar in section.written())
    if len(meters) > 1:
        raise NotationError(
            f"the chords have two metres, {' and '.join(list(meters)[:2])}: a tune has one"
        )
    read = []
    for number, section in enumerate(sections, start=1):
        if section.last_time > _MOST_TIMES or len(section.endings) not in (0, _MOST_TIMES):
            raise NotationError(
                "a section of the tune is played more than twice, or has other than two endings"
            )
        # A lone bar that is short is a pickup before a repeat, or else the end of the tune.
        alone = len(section.bars) == 1 and (number == len(sections) or section.repeated)
        bars = _bars(section.bars, pickup=not alone)
        endings = tuple(_bars(ending, pickup=False) for ending in section.endings)
        if bars:
            read.append(ChartSection(bars, section.repeated or bool(endings), endings))
    chart = Chart(tuple(read), next(iter(meters)), tune.setting.key)
    if not chart.chords():
        raise NotationError("the tune has no chord symbols")
    return chart


def _bars(bars: list[Bar], pickup: bool) -> tuple[ChartBar, ...]:
    """Return the chords of bars, without a pickup that may stand before them."""
    read = []
    for place, bar in enumerate(bars):
        full = read_meter(bar.setting.meter) / bar.setting.unit
        symbols, now = {}, Fraction(0)
        for event in bar_events(bar):
            if event.chord is not None and now < full and now / full not in symbols:
                chord = _chord(event.chord)
                if chord:
                    symbols[now / full] = chord
            now += event.length
        if now and not (pickup and place == 0 and now < full):
            read.append(tuple(Symbol(*item) for item in symbols.items()))
    return tuple(read)


def _chord(text: str) -> str | None:
    """Return the chord of a symbol, or None for other words, which the bar has above it."""
    read = read_chord(text)
    return spell_chord(text) or (read and read.spelled)


def read_song_sheet(text: str) -> Chart:
    """Return the chords of a song sheet in ChordPro: ``[G]Amazing [C]grace``.

    Each chord has a bar of its own, since the words do not say how long it lasts; grids
    (``{start_of_grid}``) have bars. The key and the metre are those of ``{key}`` and ``{time}``.
    ``{chorus}`` is the chorus before it once more; tablature is left out.

    Raises
    ------
    NotationError
        If what stands in brackets is no chord, or there is none; or the metre changes.
    """
    fields: dict[str, list[str]] = {}
    for name, value in _DIRECTIVE.findall(text):
        meta = _META.fullmatch(value) if name.lower() == "meta" else None
        if meta is not None:
            name, value = meta.groups()
        fields.setdefault(name.lower(), []).append(value)
    meters = list(dict.fromkeys(fields.get("time", ())))
    if len(meters) > 1:
        raise NotationError(
            f"the chords have two metres, {meters[0]} and {meters[1]}: a tune has one"
        )
    text = _with_choruses(_NO_SONG.sub(_lines_alone, text))
    grids = _GRID.findall(text)
    chart = read_chart("\n".join(grids) if grids else " ".join(_named(text)))
    key = fields.get("key", [""])[0]
    return replace(
        chart,
        meter=meters[0] if meters else chart.meter,
        key=spell_key(key) if key else "",
    )


def _lines_alone(found: re.Match[str]) -> str:
    """Return the line ends of what is left out, so that other lines keep their numbers."""
    return "\n" * found[0].count("\n")


def _with_choruses(text: str) -> str:
    """Return a song sheet with its chorus written wherever ``{chorus}`` says that it is sung."""
    chorus = ""

    def written(found: re.Match[str]) -> str:
        nonlocal chorus
        if found[1] is None:
            return chorus.replace("\n", " ")
        chorus = found[1]
        return found[0]

    return _CHORUS.sub(written, text)


def _named(text: str) -> list[str]:
    """Return what stands in brackets, without annotations such as ``[*slowly]``."""
    names = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("#") or is_section(line):
            continue
        line = _DIRECTIVE.sub(lambda found: " " * len(found[0]), line)
        for found in _IN_BRACKETS.finditer(line):
            name = bare(found[1].strip())
            if not name or name.startswith("*") or not name.strip("|/ "):
                continue
            if read_chord(name) is None and not is_silent(name):
                raise NotationError(
                    f"[{name}] at line {number}, column {found.start() + 1} is no chord: expected "
                    "one such as [G], [Em7], [D7/F#]"
                )
            names.append(name.replace(" ", ""))
    return names
