"""The form of a tune: its bars, grouped into sections with their repeats and endings.

The body of a tune is read once into sections. From these it is spelled
(`abcgen.grammar.spelling`) or played with its repeats (`abcgen.music.notes`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from abcgen.errors import NotationError
from abcgen.notation.tokens import Token, tokenize
from abcgen.notation.tune import Setting, Tune

#: Tokens without music, left out unless the tune is to be drawn.
_LAYOUT = frozenset({"annotation", "slur", "layout", "newline"})
#: Tokens that are left out, too, unless ornaments are to be heard.
_ORNAMENTS = frozenset({"grace", "decoration"})
#: Tokens that are not lost with an empty bar, but belong to the next one.
_MOVED = frozenset({"chord", "annotation", "layout", "newline"})
#: Tokens that make a bar more than empty.
_SOUNDING = frozenset({"note", "rest", "group"})
_FIELD_LINE = re.compile(r"[KLM]:(?![|:])")


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
        Whether it is played twice; with endings, once for each ending.
    opened : bool
        Whether ``|:`` stands at its head. Then a double bar does not end it.
    """

    bars: list[Bar] = field(default_factory=list)
    endings: list[list[Bar]] = field(default_factory=list)
    repeated: bool = False
    opened: bool = field(default=False, compare=False)

    def written(self) -> Iterator[Bar]:
        """Yield each bar once, in the order in which they are written."""
        yield from self.bars
        for ending in self.endings:
            yield from ending

    def played(self) -> Iterator[Bar]:
        """Yield the bars in the order in which they are played."""
        if self.endings:
            for ending in self.endings:
                yield from self.bars
                yield from ending
        else:
            for _ in range(2 if self.repeated else 1):
                yield from self.bars


def read_sections(tune: Tune, *, ornaments: bool = False, layout: bool = False) -> list[Section]:
    """Read the body of a tune into sections.

    Grace notes and decorations are read only with `ornaments`; annotations, slurs and the ends of
    lines only with `layout`.

    Where `|:` is missing, a repeat goes back to the last double bar, the end of the last
    repeat, or the start of the tune, as players do.

    Raises
    ------
    NotationError
        If the body holds something that is not music, or endings out of order, or if the header
        has an unknown metre, unit or key.
    """
    reader = _Reader(tune.setting)
    silent = (frozenset() if ornaments else _ORNAMENTS) | (frozenset() if layout else _LAYOUT)
    for kind, item in _items(tune.body, silent):
        if isinstance(item, Token):
            if kind == "bar":
                reader.bar_line(item.text)
            elif kind == "ending":
                reader.ending(item.text.strip("[ "))
            else:
                reader.bar.tokens.append(item)
        else:
            reader.field_change(item)
    reader.close_section(repeated=False)
    if not any(bar.sounds() for section in reader.sections for bar in section.played()):
        raise NotationError("it has no notes")
    return reader.sections


def _items(body: str, silent: frozenset[str]) -> Iterator[tuple[str, Token | tuple[str, str]]]:
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
                elif letter == "V":
                    raise NotationError("it has several voices (V:)")
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
        self.bar = Bar(setting)
        # After `:|` at the end of an ending, another ending may follow or the section is over.
        self.ending_over = False
        self.last: Bar | None = None  # the bar before the last bar line

    def field_change(self, change: tuple[str, str]) -> None:
        if self.bar.sounds():
            raise NotationError(f"{change[0]}:{change[1]} changes in the middle of a bar")
        self.bar.setting = self.bar.setting.changed(*change)

    def close_bar(self) -> None:
        if not self.bar.sounds():
            # Only spaces or a chord symbol, which belongs to the next bar.
            self.bar.tokens = [token for token in self.bar.tokens if token.kind in _MOVED]
            return
        if self.ending_over:
            self.close_section(repeated=True, bar=False)
        target = self.section.endings[-1] if self.section.endings else self.section.bars
        target.append(self.bar)
        self.last = self.bar
        self.bar = Bar(self.bar.setting)

    def close_section(self, repeated: bool, bar: bool = True) -> None:
        if bar:
            self.close_bar()
        section = self.section
        if len(section.endings) == 1:
            raise NotationError("a first ending has no second")
        if section.endings and not section.endings[-1]:
            raise NotationError(f"ending {len(section.endings)} is empty")
        if section.bars or section.endings:
            section.repeated = repeated or bool(section.endings)
            self.sections.append(section)
        self.section = Section()
        self.ending_over = False

    def bar_line(self, text: str) -> None:
        ends = text.startswith(":")
        begins = text.endswith(":")
        if not text.strip(":") and len(text) == 1:
            raise NotationError("a lone ':' is not a bar line")
        self.close_bar()
        if self.last is not None:
            self.last.line = f"{self.last.line} {text}".strip()
        if begins:
            self.close_section(repeated=ends)
            self.section.opened = True
        elif ends or "||" in text or "]" in text or "[" in text:
            if self.section.endings:
                self.ending_over = True
            elif ends or not self.section.opened:
                self.close_section(repeated=ends)

    def ending(self, number: str) -> None:
        self.close_bar()
        follows = len(self.section.endings) + 1
        if number != str(follows):
            raise NotationError(f"ending [{number} stands where [{follows} would")
        if not self.section.bars:
            raise NotationError(f"ending [{number} has no bars before it")
        if self.section.endings and not self.section.endings[-1]:
            raise NotationError(f"ending {follows - 1} is empty")
        self.section.endings.append([])
        self.ending_over = False
