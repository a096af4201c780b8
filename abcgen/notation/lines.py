"""The lines of a tune: which are its header, which its music, and which are neither."""

import re
from collections.abc import Iterator, Sequence

from abcgen.errors import NotationError
from abcgen.notation.fields import apart, rest_of
from abcgen.notation.keys import moves_in, read_key
from abcgen.notation.plainly import in_plain_signs
from abcgen.notation.prose import goes_on, reads_like_words
from abcgen.notation.voices import FIRST, Line, Voice, lines_of, name_of, parted, voices_of
from abcgen.notation.warned import ONE_VOICE, Warned

_FIELD = re.compile(r"([A-Za-z+]):(?!\|)(?!(?<=[A-GXZa-gxyz]:):)[: \t]*(.*)")
#: Fields that change what is written and heard, and so are kept in the body.
MUSIC_FIELDS = frozenset("KLM")
#: Fields that only change how it is played; the body has them as inline fields, ``[Q:1/4=60]``.
PLAYING_FIELDS = frozenset("PQ")
_COMMENT = re.compile(r"(?<!\\)%")
#: The start of a line for programs that play the tune.
_DIRECTIVE = "%%MIDI "
#: Fields with music on the same line: `M:6/8 Ddd e3|`, as in Cobb's tunebook.
_GLUED = re.compile(r"([ML]):\s*(C\|?|\d+/\d+)(?:[ \t]+(\S.*))?", re.ASCII)
#: A line that only parts what is above it from what is below.
_RULE = re.compile(r"([=_~#.-])\1{3,}")


class TuneLines:
    """The lines of a tune as they are read, one after the other."""

    def __init__(self) -> None:
        self.header: list[tuple[str, str]] = []
        self.directives: list[tuple[str, str]] = []  # the voice, if it is one's own, and %%MIDI
        self.lines: list[Line] = []
        self.warnings: list[Warned] = []
        self.in_header = True
        self._before_key = ""  # what may be music there
        self.voice = ""
        self._goes_on = False  # whether the words of a w: go on in the next line
        self._said: dict[str, str] = {}  # all that V: says of each voice
        self._begun: dict[str, tuple[int, int]] = {}  # line and column where each begins
        self.has_music = False
        self._begin = 0  # of the line that is being read, in the text
        # Lines since a blank line in the body; whether they belong to it is not known yet.
        self.behind: list[tuple[str, int, int]] | None = None

    def read(self, line: str, begin: int, number: int) -> None:
        """Read a line, which begins there in the text."""
        if self.behind is not None and line.strip():
            self.behind.append((line, begin, number))
        elif not line.strip() and self.has_music:
            self._decide()
            self.behind = []
        else:
            self._line(line, begin, number)

    def _decide(self) -> None:
        """Read the lines behind a blank line, unless they are free text."""
        lines, self.behind = self.behind or [], None
        plain = [_without_comment(line).strip() for line, _, _ in lines]
        plain = [line for line in plain if line and not _FIELD.fullmatch(line)]
        if not plain or goes_on(plain):
            for line in lines:
                self._line(*line)

    def _line(self, line: str, begin: int, number: int) -> None:
        self._begin = begin
        offset = begin + len(line) - len(line.lstrip())
        if line.startswith(_DIRECTIVE):
            directive = _without_comment(line.removeprefix(_DIRECTIVE)).strip()
            if self.has_music:
                self._add(_inline("I", f"MIDI {directive}"), offset, number)
            else:
                self.directives.append((self.voice, directive))
        line = _without_comment(line).strip()
        if not line:
            return
        match = _FIELD.fullmatch(line)
        words_go_on, self._goes_on = self._goes_on, False
        if match is None and words_go_on and reads_like_words(line):
            self._goes_on = line.endswith("\\")
        elif match and self.in_header:
            self._header_field(match[1], match[2].strip(), number)
        elif match and match[1] in MUSIC_FIELDS:
            unglued = list(_unglue(line))
            for piece in unglued:
                self._add(piece, offset + max(0, line.rfind(piece)), number, len(unglued) > 1)
        elif match and (match[1] in PLAYING_FIELDS or line.startswith("I:MIDI")):
            self._add(_inline(match[1], match[2]), offset, number)
        elif match and match[1] == "V":
            self._begin_voice(match[2].strip(), offset, number)
        elif match:  # words, remarks: not music
            self._goes_on = match[1] in "wW" and line.endswith("\\")
        elif self.in_header:
            self._no_field(line, number)
        else:
            self._music(line, offset, number)

    def _header_field(self, letter: str, value: str, number: int) -> None:
        fields = apart(letter, value)
        if len(fields) > 1:
            self._warn(number, "several fields on one line are read one by one", value)
        for letter, value in fields:
            self.header.append((letter, value))
            self.in_header = self.in_header and letter != "K"
            if letter == "V":
                self.voice = self._named(value)[0]  # of the %%MIDI lines up to the next one
            elif letter == "K":
                self.voice = ""
            elif letter == "m":
                self._warn(number, "a macro (m:) is not expanded", value)
            if letter in MUSIC_FIELDS and value and (rest := _rest(letter, value)):
                self._warn(number, f"a part of {letter}: is ignored", rest)

    def _no_field(self, line: str, number: int) -> None:
        """Pass over a line in the header that is no field; music there has no key."""
        if any(name == "X" for name, _ in self.header):
            self._before_key = self._before_key or ("" if reads_like_words(line) else line)
            self._warn(number, "a line of the header that is no field is ignored", line)
        else:
            self._add(line, 0, number, True)

    def _begin_voice(self, value: str, offset: int, number: int) -> None:
        """Begin a voice; what its V: says of octaves holds for it as in K:."""
        self.voice, settings = self._named(value)
        self._begun.setdefault(self.voice, (number, self._column(offset)))
        if moved := moves_in(settings):
            self._add(f"K:{moved}", offset, number)

    def _named(self, value: str) -> tuple[str, str]:
        """Return the name of the voice that a V: is about, and what it says of it."""
        name = name_of(value)
        settings = value.removeprefix(name)
        self._said[name] = f"{self._said.get(name, '')} {settings}"
        return name, settings

    def _music(self, line: str, offset: int, number: int) -> None:
        if _RULE.fullmatch(line) or ("|" not in line and reads_like_words(line)):
            self._warn(number, "words in the music are ignored", line)
            return
        straight, done = in_plain_signs(line)
        for what in done:
            self._warn(number, what)
        if "[V:" not in straight:
            self._add(straight, offset, number, True)
            return
        for name, piece, place in parted(straight):
            if name:
                self._begin_voice(name, offset + straight.rfind("[V:", 0, place), number)
            if piece:
                self._add(piece, offset + place, number, True)

    def _add(self, line: str, offset: int, number: int, music: bool = False) -> None:
        if music and not self.voice:  # before the first V:
            named = (name_of(value) for letter, value in self.header if letter == "V")
            self.voice = next(named, FIRST)
            self._begun.setdefault(self.voice, (number, 0))
        self.lines.append(Line(line, offset, number, self.voice, music, self._column(offset)))
        self.has_music = self.has_music or music

    def _column(self, offset: int) -> int:
        """Return the column of a place in the line that is being read."""
        return max(1, offset - self._begin + 1)

    def _warn(self, number: int, what: str, found: str = "", column: int = 0) -> None:
        self.warnings.append(Warned(number, what, found, column))

    def end(self) -> None:
        """Read what is left when there are no more lines.

        Raises
        ------
        NotationError
            If there is no X:, no K:, or no music after it.
        """
        self._decide()
        if not any(name == "X" for name, _ in self.header):
            raise NotationError("X: is missing: expected a first line such as X:1")
        if self.in_header:
            music = self._before_key
            raise NotationError(
                f"K: is missing before the music {music[:20]!r}" if music else "K: is missing"
            )
        if not self.has_music:
            raise NotationError("there is no music after K:")

    def voices(self) -> list[Voice]:
        """Return the voices that have music, the first of the tune first."""
        named = [name_of(value) for letter, value in self.header if letter == "V"]
        return voices_of(self.lines, named, self._said)

    def body_of(self, voice: Voice, main: bool) -> list[Line]:
        """Return the lines of a voice; see `abcgen.notation.voices.lines_of`."""
        lines = lines_of(voice, self.lines, main)
        for letter, value in self.header:
            settings = value.removeprefix(voice.name)
            if letter == "V" and name_of(value) == voice.name and (moved := moves_in(settings)):
                lines.insert(0, lines[0]._replace(text=f"K:{moved}", music=False))
        return lines

    def directives_of(self, voice: Voice) -> list[str]:
        """Return what %%MIDI says of a voice before the music."""
        return [said for name, said in self.directives if name in ("", voice.name)]

    def warn_of_voices(self, voices: Sequence[Voice]) -> None:
        """Warn that only the first of several voices is read, where the second one begins."""
        line, column = self._begun[voices[1].name]
        self._warn(line, ONE_VOICE, ", ".join(map(str, voices)), column)


def _rest(letter: str, value: str) -> str:
    """Return what is not understood of a K:, L: or M:; nothing of one that cannot be read."""
    if letter != "K":
        return rest_of(letter, value)
    try:
        return read_key(value).rest
    except NotationError:
        return ""


def _without_comment(line: str) -> str:
    """Return a line without its comment, which begins at a % without a backslash."""
    return _COMMENT.split(line, maxsplit=1)[0] if "%" in line else line


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
