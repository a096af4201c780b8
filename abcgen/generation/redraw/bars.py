"""The bars of a canonical tune: where each stands in the text, what it must be, and its number."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from abcgen.errors import NotationError, UsageError, VocabularyError
from abcgen.grammar.acceptor import NEEDED, Place, begin_tune
from abcgen.grammar.alphabet import NEWEST_EDITION
from abcgen.grammar.bar import InBar, Start
from abcgen.grammar.bar.rules import Exit, Rules, rules_of
from abcgen.grammar.lines import joined
from abcgen.grammar.spelling import canonical
from abcgen.grammar.style import with_style
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.notation.tune import read_tune

_HEADER_END = re.compile(r"^K:.*\n", re.MULTILINE)
_DIGEST_SHOWN = 8  # hexadecimal digits
_TITLE = re.compile(r"^T:(.*)$", re.MULTILINE)


class WrittenBar(NamedTuple):
    """A bar as it is written.

    Attributes
    ----------
    number : int
        As `abcgen.notation.bar_numbers` counts: a pickup that begins the tune is bar 0, and that
        of a later section has the number of the bar that it completes.
    start, end : int
        The characters before its music, and before its bar line.
    rules : Rules
        What a bar must be here.
    missing : int
        What it lacks of its full length, in grid units.
    key : str
        The key at this place.
    """

    number: int
    start: int
    end: int
    rules: Rules
    missing: int
    key: str

    def pinned(self, line: str, tied: bool) -> Rules:
        """Return the rules of a bar that can end only as this one did.

        Parameters
        ----------
        line : str
            The first character of its bar line.
        tied : bool
            Whether its last note may be tied into the next bar.
        """
        nothing: frozenset[int] = frozenset()
        lacks = frozenset((self.missing,))
        # Before a double bar line no note may be tied on.
        plain, double = (lacks, nothing) if tied else (nothing, lacks)
        frame = self.rules.frame
        if line == ":":
            return rules_of(frame._replace(plain=nothing, double=nothing, repeat=lacks))
        return rules_of(frame._replace(plain=plain, double=double, repeat=nothing))


class BarredTune(NamedTuple):
    """A tune as a network reads it, and its bars.

    Attributes
    ----------
    spelled : str
        The tune in canonical spelling, numbered X:1; with its style if the network has styles.
    meter, unit : str
        The values of its M: and L:.
    text : str
        What the network reads: without line ends within sections, which new bars may move, and
        with the blank line that ends a tune. Characters of the title that the network does not
        know are left out.
    body : int
        The characters of the header.
    bars : tuple of WrittenBar
        In order.
    number : int
        The tune's own reference number.
    """

    spelled: str
    meter: str
    unit: str
    text: str
    body: int
    bars: tuple[WrittenBar, ...]
    number: int

    @property
    def first(self) -> int:
        """The number of the first bar: 0 if there is a pickup."""
        return self.bars[0].number

    @property
    def last(self) -> int:
        """The number of the last bar."""
        return self.bars[-1].number

    @property
    def extent(self) -> str:
        """Which bars there are, for messages."""
        pickup = ", and bar 0, the pickup" if self.first == 0 else "; it has no pickup"
        return f"the tune has bars 1 to {self.last}{pickup}"

    @property
    def header(self) -> str:
        """The lines up to K:, with the title as it is spelled."""
        header = _HEADER_END.search(self.spelled)
        assert header is not None  # canonical tunes have a key
        return self.spelled[: header.end()]

    @property
    def digest(self) -> str:
        """What a remark names the tune by: the beginning of the SHA-256 of its spelling."""
        return hashlib.sha256(self.spelled.encode()).hexdigest()[:_DIGEST_SHOWN]

    def written(self, numbers: frozenset[int]) -> list[WrittenBar]:
        """Return the bars of some numbers, in order."""
        return [bar for bar in self.bars if bar.number in numbers]

    def music(self, bar: WrittenBar) -> str:
        """Return the music of a bar."""
        return self.text[bar.start : bar.end]

    def replaced(self, numbers: frozenset[int], music: Sequence[str], spelled: str) -> "BarredTune":
        """Return what `barred` would read of the tune with other music in some bars.

        Parameters
        ----------
        numbers : frozenset of int
            The bars.
        music : sequence of str
            Of each, in order; as long as what stood there.
        spelled : str
            The whole in canonical spelling.
        """
        given = iter(music)
        bars: list[WrittenBar] = []
        parts, done, moved = [], 0, 0
        for bar in self.bars:
            start = bar.start + moved
            if bar.number in numbers:
                new = next(given)
                parts += [self.text[done : bar.start], new]
                done = bar.end
                moved = start + len(new) - bar.end
            bars.append(bar._replace(start=start, end=bar.end + moved))
        parts.append(self.text[done:])
        return self._replace(spelled=spelled, text="".join(parts), bars=tuple(bars))


def barred(abc: str, vocabulary: Vocabulary, style: str = "") -> BarredTune:
    """Read a tune.

    Parameters
    ----------
    abc : str
        Any tune that has a canonical spelling.
    vocabulary : Vocabulary
        The network's.
    style : str
        One of its styles, if it has any; the one that the tune names (G:) unless given.

    Raises
    ------
    UsageError
        If the network has styles, and none of them is named.
    NotationError
        If the tune cannot be read or has no canonical spelling; the message says why.
    VocabularyError
        If the network cannot write a tune, or this one.
    """
    tune = read_tune(abc)
    try:
        spelled = canonical(tune)
    except NotationError as error:
        raise NotationError(f"the tune has no spelling that every player takes: {error}") from None
    if vocabulary.styles:
        spelled = with_style(spelled, _one_of(vocabulary.styles, style or tune.field("G") or ""))
    text = _for(vocabulary, spelled)
    header = _HEADER_END.search(text)
    assert header is not None  # canonical tunes have a key
    body = header.end()
    text = text[:body] + joined(text[body:]) + END_OF_TUNE
    fields = dict(re.findall(r"^([ML]):(.*)$", text[:body], re.MULTILINE))
    bars = tuple(_bars(text, beginning(vocabulary)))
    return BarredTune(spelled, fields["M"], fields["L"], text, body, bars, tune.number)


def _one_of(styles: Sequence[str], named: str) -> str:
    """Return a style, if it is one of those that there are."""
    if named not in styles:
        raise UsageError(
            f"this network needs a style of the tune: name one of {', '.join(styles)} by --style, "
            "or by G: before the title"
        )
    return named


def _for(vocabulary: Vocabulary, spelled: str) -> str:
    """Return a tune with a title that the network can read."""

    def readable(title: re.Match[str]) -> str:
        kept = "".join(c if c in vocabulary.char2idx else " " for c in title[1])
        return f"T:{' '.join(kept.split()) or 'T'}"

    return _TITLE.sub(readable, spelled, count=1)


class Read(NamedTuple):
    """A character that is read: the characters of the text before it, itself, and its place."""

    position: int
    character: str
    place: Place


def read_along(text: str, place: Place) -> Iterator[Read]:
    """Yield the characters of a text without line ends, and line ends where a line is full.

    A line end has the position of the character behind it, which is another one.

    Raises
    ------
    VocabularyError
        If the alphabet of `place` lacks something that the text needs.
    """
    for position, character in enumerate(text):
        allowed = place.allowed()
        if character not in allowed and "\n" in allowed:
            yield Read(position, "\n", place)
            place = place.after("\n")
            allowed = place.allowed()
        if character not in allowed:
            from abcgen.grammar.faults import reason  # needed only where something is wrong

            words = reason(place, text[position:]).words
            raise VocabularyError(f"the network cannot write this tune: {words}")
        yield Read(position, character, place)
        place = place.after(character)


def beginning(vocabulary: Vocabulary) -> Place:
    """Return the place before any tune that is written with a vocabulary.

    Raises
    ------
    VocabularyError
        If none can be written with it.
    """
    missing = sorted(NEEDED.difference(vocabulary.idx2char))
    if missing:
        raise VocabularyError(
            "bars are rewritten by networks that write whole tunes; this one lacks the "
            f"characters {', '.join(map(repr, missing))}: choose another"
        )
    # The form of the tune is given: so it need not be one that the network would draw.
    return begin_tune(vocabulary.alphabet._replace(edition=NEWEST_EDITION))


def _bars(text: str, start: Place) -> Iterator[WrittenBar]:
    number, began, begun = 0, 0, start
    for position, character, place in read_along(text, start):
        local = place.local
        if isinstance(local, Start):
            begun, began = place, position
        if not isinstance(local, InBar) or character not in "|:":
            continue
        way = local.after(character)
        if isinstance(way, Exit) and way.after_music:
            form = begun.form
            assert form is not None and isinstance(begun.local, InBar)
            number += form.counts(way.missing)
            rules = begun.local.context.rules
            yield WrittenBar(number, began, position, rules, way.missing, form.key)
