"""The form of a tune: its bars, grouped into sections with their repeats and endings.

The body of a tune is read once into sections. From these it is spelled
(`abcgen.grammar.spelling`) or played with its repeats (`abcgen.music.order`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from abcgen.errors import NotationError
from abcgen.notation.jumps import LEAVING, mark_of
from abcgen.notation.tokens import Token, tokenize
from abcgen.notation.tune import Setting, Tune

#: Tokens without music, left out unless the tune is to be drawn.
_LAYOUT = frozenset({"annotation", "slur", "layout", "newline"})
#: Tokens that are left out, too, unless ornaments are to be heard.
_ORNAMENTS = frozenset({"grace", "decoration"})
#: Tokens that make a bar more than empty.
_SOUNDING = frozenset({"note", "rest", "group"})
#: Tokens that may be marks such as D.C.; the last two are texts in quotes.
_MAY_BE_MARKS = frozenset({"decoration", "annotation", "chord"})
#: Tokens that belong to the next bar if they stand alone between two bar lines.
_KEPT_FOR_THE_NEXT = frozenset(
    {"chord", "annotation", "slur", "layout", "newline", "field", "mark"}
)
_FIELD_LINE = re.compile(r"[KLM]:(?![|:])")
_PART = re.compile(r"([A-Z])\b")
_MOST_TIMES = 16  # that a section is played; more is a typing error


@dataclass(slots=True)
class Bar:
    """The tokens of one bar as written, and the setting there.

    A repeat goes back to its own key and metre, since the setting is that of the page. `line` is
    the bar line after it as written; where there are several with nothing between, all of them,
    with spaces between.
    """

    setting: Setting
    tokens: list[Token] = field(default_factory=list)
    line: str = field(default="", compare=False)

    def sounds(self) -> bool:
        """Return whether the bar has a note or a rest."""
        return any(token.kind in _SOUNDING for token in self.tokens)


@dataclass(slots=True)
class Section:
    """Bars that are played once or, if `repeated`, twice.

    Attributes
    ----------
    bars : list of Bar
        The bars before the endings, or all of them.
    endings : list of list of Bar
        No endings, or the first, the second and so on.
    repeated : bool
        Whether it is played `times` times; with endings, as often as `numbers` says.
    opened : bool
        Whether ``|:`` stands at its head. Then a double bar does not end it.
    times : int
        How often it is played if it is repeated without endings; 3 for ``|::`` to ``::|``.
    numbers : list of tuple of int
        For each ending the times, from 1, at which it is played: (1, 2) for ``[1,2``. A lone
        ending is left out the last time, after which the next section follows.
    open_ended : bool
        Whether nothing ends the last ending; it is then taken to be as long as the first.
    part : str
        The letter of the part (``P:A``) that begins here, if parts are read; or nothing.
    """

    bars: list[Bar] = field(default_factory=list)
    endings: list[list[Bar]] = field(default_factory=list)
    repeated: bool = False
    opened: bool = field(default=False, compare=False)
    times: int = 2
    numbers: list[tuple[int, ...]] = field(default_factory=list)
    open_ended: bool = False
    part: str = ""

    @property
    def last_time(self) -> int:
        """How often it is played; a lone ending is left out the last time."""
        if not self.endings:
            return self.times if self.repeated else 1
        lone = len(self.endings) == 1
        return max(time for times in self.ending_times() for time in times) + lone

    def ending_times(self) -> list[tuple[int, ...]]:
        """Return for each ending the times at which it is played; see `numbers`."""
        return self.numbers or [(n,) for n in range(1, len(self.endings) + 1)]

    def written(self) -> Iterator[Bar]:
        """Yield each bar once, in the order in which they are written."""
        yield from self.bars
        for ending in self.endings:
            yield from ending

    def played(self) -> Iterator[Bar]:
        """Yield the bars in the order in which they are played."""
        ending_at = {
            time: ending
            for times, ending in zip(self.ending_times(), self.endings, strict=True)
            for time in times
        }
        for time in range(1, self.last_time + 1):
            yield from self.bars
            yield from ending_at.get(time, ())

    def once(self) -> Iterator[Bar]:
        """Yield the bars as they are played without repeats, with the last ending."""
        yield from self.bars
        if len(self.endings) > 1:
            yield from self.endings[-1]


def read_sections(
    tune: Tune,
    *,
    ornaments: bool = False,
    layout: bool = False,
    playing: bool = False,
    parts: bool = False,
) -> list[Section]:
    """Read the body of a tune into sections.

    Where `|:` is missing, a repeat goes back to the last double bar, the end of the last
    repeat, or the start of the tune, as players do.

    Parameters
    ----------
    tune : Tune
        The tune as written.
    ornaments : bool
        Whether bars have the tokens of grace notes and decorations.
    layout : bool
        Whether they have those of annotations, slurs and ends of lines.
    playing : bool
        Whether bars have what says how they are played: ``field`` tokens of Q: and I:, and
        ``mark`` tokens, the names of `abcgen.notation.jumps` (``D.C.``, ``fine``).
    parts : bool
        Whether a section begins at each P:, and has its letter.

    Raises
    ------
    NotationError
        If the body holds something that is not music, or endings out of order, or if the header
        has an unknown metre, unit or key.
    """
    reader = _Reader(tune.setting)
    silent = (frozenset() if ornaments else _ORNAMENTS) | (frozenset() if layout else _LAYOUT)
    for kind, item in _items(tune.body, silent, playing):
        if isinstance(item, Token):
            if kind == "bar":
                reader.bar_line(item.text)
            elif kind == "ending":
                reader.ending(item.text.strip("[ "))
            else:
                reader.bar.tokens.append(item)
        elif kind == "part":
            if parts:
                reader.part(item[1])
        else:
            reader.field_change(item)
    reader.close_section(repeated=False)
    if not any(bar.sounds() for section in reader.sections for bar in section.played()):
        raise NotationError("it has no notes")
    return reader.sections


def _items(
    body: str, silent: frozenset[str], playing: bool
) -> Iterator[tuple[str, Token | tuple[str, str]]]:
    """Yield the tokens of kinds that are not silent, and field changes as (letter, value)."""
    begin = end = 0  # of the music since the last field line
    # Field lines are handled here, since the token grammar knows only music.
    lines: list[str | None] = [*body.split("\n"), None]
    for line in lines:
        if line is not None and not _FIELD_LINE.match(line):
            end += len(line) + 1
            continue
        for token in tokenize(body, begin, min(end, len(body))):
            if token.kind == "field":
                letter, value = token.text[1], token.text[3:-1].strip()
                if letter in "KLM":
                    yield "field", (letter, value)
                elif letter == "P":
                    yield "part", (letter, value)
                elif letter in "IQ" and playing:
                    yield "field", token
                elif letter == "V":
                    raise NotationError("it has several voices (V:)")
            elif playing and token.kind in _MAY_BE_MARKS and (mark := mark_of(token.text)):
                yield "mark", Token("mark", mark, token.position)
            elif token.kind not in silent:
                yield token.kind, token
        if line is not None:
            yield "field", (line[0], line[2:].strip())
            begin = end = end + len(line) + 1


class _Reader:
    """The sections read so far, and the one that is being read."""

    def __init__(self, setting: Setting) -> None:
        self.sections: list[Section] = []
        self.section = Section()
        self.bar = Bar(setting)  # that is being read
        self.before: Bar | None = None  # the bar before the last bar line
        # After `:|` at the end of an ending, another ending may follow or the section is over.
        self.ending_over = False
        # The times that the `|:` at the section's head asks for, 1 if there is none.
        self.asked = 1
        # Whether there was a `:|` since the last bar.
        self.went_back = False

    def field_change(self, change: tuple[str, str]) -> None:
        if self.bar.sounds():
            raise NotationError(f"{change[0]}:{change[1]} changes in the middle of a bar")
        self.bar.setting = self.bar.setting.changed(*change)

    def close_bar(self) -> None:
        if not self.bar.sounds():
            # What stands alone between two bar lines belongs to the next bar, but D.C. belongs to
            # the bar before.
            kept = [token for token in self.bar.tokens if token.kind in _KEPT_FOR_THE_NEXT]
            leaving = [token for token in kept if token.kind == "mark" and token.text in LEAVING]
            if self.before is not None:
                self.before.tokens += leaving
            self.bar.tokens = [token for token in kept if token not in leaving]
            return
        if self.ending_over:
            self.close_section(repeated=True, bar=False)
        target = self.section.endings[-1] if self.section.endings else self.section.bars
        target.append(self.bar)
        self.before = self.bar
        self.bar = Bar(self.bar.setting)
        self.went_back = False

    def close_section(self, repeated: bool, bar: bool = True) -> None:
        if bar:
            self.close_bar()
        section = self.section
        if len(section.endings) == 1 and not self.went_back:
            raise NotationError("a first ending has no second")
        if section.endings and not section.endings[-1]:
            raise NotationError(f"ending {len(section.endings)} is empty")
        taken = {time for times in section.numbers for time in times}
        if taken and len(taken) < max(taken):
            raise NotationError(f"ending {_lowest_missing(taken)} is missing")
        if section.bars or section.endings:
            section.repeated = repeated or bool(section.endings)
            self.sections.append(section)
            self.section = Section()
        self.section.opened = self.ending_over = False
        self.asked = 1

    def bar_line(self, text: str) -> None:
        ends = text.startswith(":")
        begins = text.endswith(":")
        if not text.strip(":") and len(text) == 1:
            raise NotationError("a lone ':' is not a bar line")
        self.close_bar()
        if self.before is not None:
            self.before.line = f"{self.before.line} {text}".strip()
        self.went_back = self.went_back or ends
        if ends:
            self.section.times = max(2, min(self.asked, 1 + _colons(text)))
        if begins:
            self.close_section(repeated=ends)
            self.section.opened = True
            self.asked = 1 + _colons(text[::-1])
        elif ends or "||" in text or "]" in text or "[" in text:
            if self.section.endings:
                self.ending_over = True
            elif ends or not self.section.opened:
                self.close_section(repeated=ends)

    def ending(self, number: str) -> None:
        self.close_bar()
        times = _times_of(number)
        if times[:1] == (1,):
            self._begin_behind_ending()
        taken = {time for times in self.section.numbers for time in times}
        follows = _lowest_missing(taken)
        if times[:1] != (follows,) or len({*taken, *times}) < len(taken) + len(times):
            raise NotationError(f"ending [{number} stands where [{follows} would")
        if not self.section.bars:
            raise NotationError(f"ending [{number} has no bars before it")
        if self.section.endings and not self.section.endings[-1]:
            raise NotationError(f"ending {len(self.section.endings)} is empty")
        self.section.endings.append([])
        self.section.numbers.append(times)
        self.ending_over = False

    def _begin_behind_ending(self) -> None:
        """Let a section begin within the last ending, after as many bars as the first has."""
        if len(self.section.endings) < 2:
            return
        first, last = self.section.endings[0], self.section.endings[-1]
        if len(last) > len(first):
            rest = last[len(first) :]
            del last[len(first) :]
            self.section.open_ended = True
            self.close_section(repeated=True, bar=False)
            self.section.bars = rest

    def part(self, name: str) -> None:
        match = _PART.match(name)
        if match is None:
            return
        self.close_bar()
        if self.section.bars or self.section.endings:
            self.close_section(repeated=False, bar=False)
        self.section.part = match[1]


def _times_of(number: str) -> tuple[int, ...]:
    """Return the times that a number of an ending stands for: 1, 2 and 4 for ``1-2,4``."""
    times: list[int] = []
    for part in number.rstrip(",").split(","):
        match = re.fullmatch(r"([1-9]\d?)(?:-(\d{1,2}))?", part)
        if match is None or int(match[2] or match[1]) > _MOST_TIMES:
            return ()
        times += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(times)


def _lowest_missing(taken: set[int]) -> int:
    """Return the lowest number from 1 on that is not taken."""
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _colons(text: str) -> int:
    """Return how many colons a bar line begins with; of colons alone, half end and half begin."""
    count = len(text) - len(text.lstrip(":"))
    return count // 2 if count == len(text) else count
