"""A tune as it stands in a tunebook: header fields and body."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from abcgen.errors import NotationError
from abcgen.notation.keys import spell_key

_FIELD = re.compile(r"([A-Za-z+]):(?![|:])[ \t]*(.*)")
#: Fields that change what is written and heard, and so are kept in the body.
MUSIC_FIELDS = frozenset("KLM")
#: Fields that only change how it is played; the body has them as inline fields, ``[Q:1/4=60]``.
PLAYING_FIELDS = frozenset("PQ")
#: The start of a line for programs that play the tune.
_DIRECTIVE = "%%MIDI "
#: Fields with music on the same line: `M:6/8 Ddd e3|`, as in Cobb's tunebook.
_GLUED = re.compile(r"([ML]):\s*(C\|?|\d+/\d+)(?:[ \t]+(\S.*))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tune:
    """One tune as written, without comments.

    Attributes
    ----------
    number : int
        The reference number (X:).
    header : tuple of (str, str)
        Letter and value of each field, from X: to K:.
    body : str
        The lines after K:, music and fields. What is for playing alone, ``P:``, ``Q:`` and
        ``%%MIDI``, stands there as an inline field on a line of its own: ``[I:MIDI program 73]``.
    directives : tuple of str
        What follows ``%%MIDI`` on each such line before the music: ``program 73``.
    starts : tuple of (int, int)
        Of each line of the body, where it begins there, and where in the text that was read.
    """

    number: int
    header: tuple[tuple[str, str], ...]
    body: str
    directives: tuple[str, ...] = ()
    starts: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)

    def offset_of(self, position: int) -> int:
        """Return where in the text that was read a position of the body is."""
        if not self.starts:  # the tune was not read from a text
            return position
        begin, offset = self.starts[bisect_right(self.starts, position, key=_begin) - 1]
        return offset + position - begin

    def field(self, letter: str) -> str | None:
        """Return the first value of a header field, or None."""
        return next((value for name, value in self.header if name == letter), None)

    @property
    def title(self) -> str:
        """The first title (T:), or an empty string."""
        return self.field("T") or ""

    @property
    def setting(self) -> "Setting":
        """The metre, unit note length and key of the header.

        Raises
        ------
        NotationError
            If one of them is unknown.
        """
        meter = (self.field("M") or "4/4").strip()
        unit = self.field("L")
        return Setting(
            meter,
            read_unit(unit) if unit else default_unit(read_meter(meter)),
            spell_key(self.field("K") or "C"),
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """Metre, unit note length and key at a place in a tune.

    Attributes
    ----------
    meter : str
        As written: ``6/8``, ``C``.
    unit : Fraction
        The unit note length in whole notes.
    key : str
        As `abcgen.notation.keys.spell_key` gives it.
    """

    meter: str
    unit: Fraction
    key: str

    def __post_init__(self) -> None:
        read_meter(self.meter)

    def changed(self, letter: str, value: str) -> "Setting":
        """Return the setting after a field K:, L: or M: of the body.

        Raises
        ------
        NotationError
            If the value is unknown.
        """
        if letter == "K":
            return replace(self, key=spell_key(value))
        if letter == "L":
            return replace(self, unit=read_unit(value))
        return replace(self, meter=value.strip())


class _Body:
    """The lines of a body, and where each begins there and in the text that was read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.starts: list[tuple[int, int]] = []
        self._length = 0

    def add(self, line: str, offset: int) -> None:
        """Add a line, which begins there in the text."""
        self.starts.append((self._length, offset))
        self.lines.append(line)
        self._length += len(line) + 1


def read_tune(text: str) -> Tune:
    """Read one tune of a tunebook.

    Parameters
    ----------
    text : str
        The tune from its X: line on; lines end with LF.

    Raises
    ------
    NotationError
        If there is no X:, no K:, or no music after it, or several voices.
    """
    header: list[tuple[str, str]] = []
    directives: list[str] = []
    body = _Body()
    has_music = False
    following = 0  # where the next line begins in the text
    for line in text.split("\n"):
        offset = following + len(line) - len(line.lstrip())
        following += len(line) + 1
        if line.startswith(_DIRECTIVE):
            directive = _without_comment(line.removeprefix(_DIRECTIVE)).strip()
            if has_music:
                body.add(_inline("I", f"MIDI {directive}"), offset)
            else:
                directives.append(directive)
        line = _without_comment(line).strip()
        in_header = not any(name == "K" for name, _ in header)
        match = _FIELD.fullmatch(line)
        if match and in_header:
            header.append((match[1], match[2].strip()))
        elif match and match[1] in MUSIC_FIELDS:
            unglued = list(_unglue(line))
            for piece in unglued:
                body.add(piece, offset + max(0, line.rfind(piece)))
            has_music = has_music or len(unglued) > 1
        elif match and (match[1] in PLAYING_FIELDS or line.startswith("I:MIDI")):
            body.add(_inline(match[1], match[2]), offset)
        elif match and match[1] == "V":
            raise NotationError("it has several voices (V:); abcgen writes tunes of one voice")
        elif match or not line:
            continue  # words, remarks: not music
        elif in_header and any(name == "X" for name, _ in header):
            raise NotationError(f"K: is missing before the music {line[:20]!r}")
        else:
            body.add(line, offset)
            has_music = True
    if not any(name == "X" for name, _ in header):
        raise NotationError("X: is missing")
    if header[-1][0] != "K":
        raise NotationError("K: is missing")
    if not has_music:
        raise NotationError("there is no music after K:")
    number = _number_of(next(value for name, value in header if name == "X"))
    return Tune(number, tuple(header), "\n".join(body.lines), tuple(directives), tuple(body.starts))


def _number_of(text: str) -> int:
    """Return the reference number of an X:, 0 where it is none."""
    digits = re.match(r"[0-9]{1,9}", text)
    return int(digits.group()) if digits else 0


def _begin(start: tuple[int, int]) -> int:
    return start[0]


def _without_comment(line: str) -> str:
    """Return a line without its comment, which begins at a % without a backslash."""
    return re.split(r"(?<!\\)%", line, maxsplit=1)[0]


def _inline(letter: str, value: str) -> str:
    """Return a field as an inline field, which a bracket in the value would end."""
    return f"[{letter}:{value.strip().replace(']', ')')}]"


def _unglue(line: str) -> Iterator[str]:
    """Yield a field line of the body, and on a line of its own the music after its value."""
    match = _GLUED.fullmatch(line)
    if match is None:
        yield line
        return
    yield f"{match[1]}:{match[2]}"
    if match[3]:
        yield match[3]


@lru_cache(256)
def read_meter(text: str) -> Fraction:
    """Return a metre as a fraction of a whole note: 6/8 for ``6/8``, 1 for ``C``.

    Raises
    ------
    NotationError
        If no bar can be measured by it, such as ``none``.
    """
    text = text.strip()
    if text in ("C", "C|"):
        return Fraction(1)
    match = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})", text)
    if match is None or not int(match[1]) or int(match[2]) not in (1, 2, 4, 8, 16, 32):
        raise NotationError(f"M:{text} is not a metre that abcgen knows")
    return Fraction(int(match[1]), int(match[2]))


def read_unit(text: str) -> Fraction:
    """Return a unit note length such as ``1/8`` as a fraction of a whole note."""
    match = re.fullmatch(r"1/(1|2|4|8|16|32|64)", text.replace(" ", ""))
    if match is None:
        raise NotationError(f"L:{text} is not a unit note length")
    return Fraction(1, int(match[1]))


def default_unit(meter: Fraction) -> Fraction:
    """Return the unit note length where L: is missing (ABC standard 2.1, section 3.1.7)."""
    return Fraction(1, 16) if meter < Fraction(3, 4) else Fraction(1, 8)
