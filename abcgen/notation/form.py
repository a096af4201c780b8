"""The form of a tune as it is read: its bars, grouped into sections.

The body of a tune is read once into sections. From these it is spelled
(`abcgen.grammar.spelling`) or played with its repeats (`abcgen.music.order`).
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.notation.jumps import LEAVING, mark_of
from abcgen.notation.meters import is_compound
from abcgen.notation.section import Bar, Section
from abcgen.notation.strays import PITCHED, Strays
from abcgen.notation.tokens import SOUNDING, Token, scaled, tokenize
from abcgen.notation.tune import Setting, Tune
from abcgen.notation.within import Change, cut_broken, cut_tuplet, in_octave

__all__ = ["Bar", "Section", "read_sections"]

#: Tokens that most bars are made of.
_MUSIC = frozenset({"note", "space", "rest", "group"})
#: Tokens without music, left out unless the tune is to be drawn.
_LAYOUT = frozenset({"annotation", "slur", "layout", "newline"})
#: Tokens that are left out, too, unless ornaments are to be heard.
_ORNAMENTS = frozenset({"grace", "decoration"})
#: Tokens that may be marks such as D.C.; the last two are texts in quotes.
_MAY_BE_MARKS = frozenset({"decoration", "annotation", "chord"})
#: Tokens that belong to the next bar if they stand alone between two bar lines.
_KEPT_FOR_THE_NEXT = frozenset({"chord", "field", "mark", "tuplet", *_LAYOUT})
#: Tokens that may reach over a bar line.
_WITH_NEIGHBOURS = frozenset({"tie", "broken", "tuplet"})
_FIELD_LINE = re.compile(r"[KLM]:(?![|:])")
_PART = re.compile(r"([A-Z])\b")
#: A bar line that is not drawn. It may stand before another, as in ``[|]:|``.
_INVISIBLE = "[|]"
_MOST_TIMES = 16  # that a section is played; more is a typing error


def read_sections(
    tune: Tune,
    *,
    ornaments: bool = False,
    layout: bool = False,
    playing: bool = False,
    parts: bool = False,
    line: int = 0,
) -> list[Section]:
    """Read the body of a tune into sections.

    Where `|:` is missing, a repeat goes back to the last double bar, the end of the last
    repeat, or the start of the tune, as the ABC standard 2.1 says (section 4.8).

    Parameters
    ----------
    tune : Tune
        The tune as written.
    ornaments : bool
        Whether bars have the tokens of grace notes and decorations.
    layout : bool
        Whether they have those of annotations, slurs, ends of lines and parts (P:).
    playing : bool
        Whether bars have what says how they are played: ``field`` tokens of Q: and I:, and
        ``mark`` tokens, the names of `abcgen.notation.jumps` (``D.C.``, ``fine``).
    parts : bool
        Whether a section begins at each P:, and has its letter.
    line : int
        Of several lines of music in a bar (``&``), which one is read, from 0.

    Raises
    ------
    NotationError
        If the body holds something that is not music, or if the header has an unknown metre, unit
        or key.
    """
    strays = Strays(tune, line)
    reader = _Reader(tune.setting, strays)
    silent = (frozenset() if ornaments else _ORNAMENTS) | (frozenset() if layout else _LAYOUT)
    for kind, item in _items(tune.body, silent, playing, strays):
        if isinstance(item, Token):
            if kind in _MUSIC and reader.plain:  # nearly always
                reader.bar.tokens.append(item)
            elif kind == "bar":
                reader.bar_line(item)
            elif kind == "ending":
                reader.ending(item)
            elif kind == "part":
                reader.part(item, parts, layout)
            elif reader.plain and kind not in _WITH_NEIGHBOURS:
                reader.bar.tokens.append(item)
            else:
                reader.token(item)
        else:
            reader.field_change(item)
    reader.end()
    if not any(bar.sounds() for section in reader.sections for bar in section.played()):
        raise NotationError("it has no notes")
    return reader.sections


def _items(
    body: str, silent: frozenset[str], playing: bool, strays: Strays
) -> Iterator[tuple[str, Token | tuple[str, str]]]:
    """Yield the tokens of kinds that are not silent, and field changes as (letter, value)."""
    begin = end = 0  # of the music since the last field line
    # Field lines are handled here, since the token grammar knows only music.
    lines: list[str | None] = [*body.split("\n"), None]
    for line in lines:
        if line is not None and not _FIELD_LINE.match(line):
            end += len(line) + 1
            continue
        for token in strays.without(tokenize(body, begin, min(end, len(body)))):
            kind = token.kind
            if kind in _MUSIC:
                yield kind, token
            elif kind == "field":
                letter, value = token.text[1], token.text[3:-1].strip()
                if letter in "KLM":
                    strays.field(token.position, letter, value)
                    yield "field", (letter, value)
                elif letter == "P":
                    yield "part", token
                elif letter in "IQ" and playing:
                    yield "field", token
            elif playing and kind in _MAY_BE_MARKS and (mark := mark_of(token.text)):
                yield "mark", Token("mark", mark, token.position)
            elif kind not in silent:
                yield kind, token
        if line is not None:
            strays.field(end, line[0], line[2:].strip())
            yield "field", (line[0], line[2:].strip())
            begin = end = end + len(line) + 1


class _Reader:
    """The sections read so far, and the one that is being read."""

    def __init__(self, setting: Setting, strays: Strays) -> None:
        self.strays = strays
        self.change: Change | None = None  # within the bar
        self.plain, self.tuplets = not setting.octave, False  # tokens stand as written; has some
        self.factor: Fraction | None = None  # of the next note, after `>` at a bar line
        self.tuplet: Token | None = None  # for the notes that the one of the bar before lacks
        self.sections: list[Section] = []
        self.section = Section()
        self.bar = Bar(setting)  # that is being read
        self.before: Bar | None = None  # the bar before the last bar line
        # After `:|` at the end of an ending, another ending may follow or the section is over.
        self.ending_over = False
        self.sign = Token("ending", "", 0)  # of the last ending
        self.asked = 1  # times, by the `|:` at the section's head; 1 if there is none
        self.went_back = False  # whether there was a `:|` since the last bar

    def field_change(self, change: tuple[str, str]) -> None:
        self.plain = False
        if not self.bar.sounds():
            self.bar.setting = self.bar.setting.changed(*change)
            return
        if self.change is None:
            self.change = Change(self.bar.setting, self.bar.tokens)
        self.change.to(*change)

    def token(self, token: Token) -> None:
        """Add a token to the bar as it stands in a bar of its own."""
        kind = token.kind
        if kind in ("tie", "broken") and not self.bar.sounds():
            self._behind_bar_line(token)
            return
        if (kind == "tie" and not _ends_with_note(self.bar.tokens)) or (
            kind == "broken" and _last_sign(self.bar.tokens) == "broken"
        ):
            self._without_note(token)
            return
        if self.tuplet is not None and kind in SOUNDING:
            self.bar.tokens.append(self.tuplet)
            self.tuplet, self.tuplets = None, True
        elif kind == "tuplet":
            self.end_tuplet()
            compound = is_compound(self.bar.setting.meter)
            if self.tuplets and cut_tuplet(self.bar.tokens, compound) is not None:
                self.strays.add(token, "a tuplet begins before another has all its notes")
            self.tuplets = True
        setting = self.change.now if self.change else self.bar.setting
        if setting.octave and kind in PITCHED:
            token = in_octave(token, setting.octave)
        if self.change is not None:
            token = self.change.token(token)
        if self.factor is not None and kind in SOUNDING:
            token, self.factor = scaled(token, self.factor), None
        self.bar.tokens.append(token)

    def end(self) -> None:
        """Close what is open at the end of the tune; refuse what is no music."""
        self.close_section(repeated=False)
        self.end_tuplet()
        self.strays.judge()

    def end_tuplet(self) -> None:
        """Warn of a tuplet that went over the bar line and never got all its notes."""
        if self.tuplet is not None:
            self.strays.add(self.tuplet, "a tuplet lacks notes")
        self.tuplet = None

    def _behind_bar_line(self, token: Token) -> None:
        """Read a tie that belongs to the bar before; pass over it if nothing can be tied."""
        before = self.before.tokens if self.before else []
        if token.kind == "tie" and _ends_with_note(before):
            before.append(token)
        else:
            self._without_note(token)

    def _without_note(self, token: Token) -> None:
        self.strays.add(token, f"a {token.text} without a note before it is ignored")

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
        self.bar = Bar(self.change.now if self.change else self.bar.setting)
        self.change = None
        self.went_back = False
        self._carry(self.before)

    def _carry(self, bar: Bar) -> None:
        """Take what goes on behind the bar line into the next bar."""
        tokens = bar.tokens
        sign = next(token for token in reversed(tokens) if token.kind != "space")
        self.factor = cut_broken(tokens) if sign.kind == "broken" else None
        if self.factor is not None:
            self.strays.add(sign, "a > or < holds across a bar line")
        if self.tuplets:
            self.tuplet = cut_tuplet(tokens, is_compound(bar.setting.meter))
        self.tuplets = False
        self.plain = self.factor is None and self.tuplet is None and not self.bar.setting.octave

    def close_section(self, repeated: bool, bar: bool = True) -> None:
        if bar:
            self.close_bar()
        section = self.section
        if section.endings:
            repeated = self._close_endings(section)
        if section.bars:
            section.repeated = repeated
            self.sections.append(section)
            self.section = Section()
        self.section.opened = self.ending_over = False
        self.asked = 1

    def _close_endings(self, section: Section) -> bool:
        """Mend what does not fit of a section's endings; return whether it is still repeated."""
        if not section.endings[-1]:
            self.strays.add(self.sign, "an ending without music is ignored")
            del section.endings[-1], section.numbers[-1]
        if len(section.endings) == 1 and not self.went_back:
            self.strays.add(self.sign, "an ending without a repeat is ignored")
            section.bars += section.endings.pop()
            section.numbers.clear()
        taken = {time for times in section.numbers for time in times}
        if taken and len(taken) < max(taken):
            self.strays.add(self.sign, "an ending before it is missing")
        return bool(section.endings)

    def bar_line(self, token: Token) -> None:
        text = token.text
        if text == ":":
            self.strays.add(token, "a stray character is ignored")
            return
        text = text.replace(_INVISIBLE, "") or "|"
        ends = text.startswith(":")
        begins = text.endswith(":")
        self.close_bar()
        if self.before is not None:
            self.before.line = f"{self.before.line} {token.text}".strip()
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

    def ending(self, token: Token) -> None:
        self.close_bar()
        times = _times_of(re.sub(r"[^\d,-]", "", token.text))
        if times[:1] == (1,):
            self._begin_behind_ending()
        section = self.section
        taken = {time for times in section.numbers for time in times}
        fits = times[:1] == (_lowest_missing(taken),) and not taken.intersection(times)
        if not (fits and section.bars and len(set(times)) == len(times)):
            self.strays.add(token, "an ending that does not fit is ignored")
            return
        self.sign = token
        self.ending_over = False
        if section.endings and not section.endings[-1]:
            self.strays.add(token, "an ending without music is played as the next one")
            section.numbers[-1] += times
        else:
            section.endings.append([])
            section.numbers.append(times)

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

    def part(self, token: Token, begins: bool, drawn: bool) -> None:
        """Read a P:, where a section `begins` if it names a part, and which may be `drawn`."""
        name = part_in(token.text[3:-1])
        if begins and name:
            self.close_bar()
            if self.section.bars or self.section.endings:
                self.close_section(repeated=False, bar=False)
            self.section.part = name
        if drawn:
            self.bar.tokens.append(token)


def _last_sign(tokens: Sequence[Token]) -> str:
    """Return the kind of the last token that is no space."""
    return next((token.kind for token in reversed(tokens) if token.kind != "space"), "")


def part_in(value: str) -> str:
    """Return the letter of the part that a P: in the body begins, or nothing."""
    match = _PART.match(value.strip())
    return match[1] if match else ""


def _ends_with_note(tokens: Sequence[Token]) -> bool:
    """Return whether the last sound is one that can be tied."""
    last = next((token.kind for token in reversed(tokens) if token.kind in SOUNDING), "")
    return last in ("note", "group")


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
