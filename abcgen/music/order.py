"""The bars of a tune in the order in which they are played: repeats, endings, parts, D.C. and D.S.

A P: of the header, such as ``P:A2(BC)3``, says in which order the parts are played that P: marks
in the body. Without it, D.C. and D.S. are followed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from abcgen.errors import NotationError
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.tokens import SOUNDING
from abcgen.notation.tune import Tune

T = TypeVar("T")
_MOST_PARTS = 200  # that an order plays; more is a typing error


def played_bars(tune: Tune, *, ornaments: bool = False) -> Iterator[Bar]:
    """Yield the bars of a tune in the order in which they are played.

    Parameters
    ----------
    tune : Tune
        The tune as written.
    ornaments : bool
        See `abcgen.notation.form.read_sections`; the bars have what is for playing in any case.

    Raises
    ------
    NotationError
        If the tune cannot be read, or the order of its parts is too long.
    """
    yield from bars_in_order(*sections_in_order(tune, ornaments=ornaments))


def sections_in_order(
    tune: Tune, *, ornaments: bool = False, line: int = 0
) -> tuple[list[Section], list[str]]:
    """Return the sections of a tune, and the letters of its parts in the order of its P:, if any.

    Parameters
    ----------
    tune, ornaments
        As `played_bars` takes them.
    line : int
        As `abcgen.notation.form.read_sections` takes it.

    Raises
    ------
    NotationError
        As `played_bars`.
    """
    order = part_order(tune.field("P") or "")
    if order:
        sections = read_sections(tune, ornaments=ornaments, playing=True, parts=True, line=line)
        if any(section.part in order for section in sections):
            return sections, order
    return read_sections(tune, ornaments=ornaments, playing=True, line=line), []


def bars_in_order(sections: Sequence[Section], order: Sequence[str]) -> Iterator[Bar]:
    """Return the bars of sections as they are played; see `sections_in_order`."""
    return _in_order(sections, order) if order else _with_jumps(sections)


def part_order(text: str) -> list[str]:
    """Return the letters of the parts that an order names, in turn: A A B C B C for ``A2(BC)2``.

    Dots, spaces, commas and hyphens mean nothing. An order that cannot be read is empty, and so is
    any text that is no order.

    Raises
    ------
    NotationError
        If it plays more than 200 parts.
    """
    text = re.sub(r"[.,\s-]", "", text)
    while match := re.search(r"\(([A-Z0-9]*)\)(\d*)", text):
        inside = "".join(_repeated(match[1]))
        text = text[: match.start()] + inside * _count(match[2]) + text[match.end() :]
        if len(text) > _MOST_PARTS:
            raise _too_long()
    order = _repeated(text)
    if len(order) > _MOST_PARTS:
        raise _too_long()
    return order


def _repeated(text: str) -> list[str]:
    """Return the letters of an order without brackets; none if it has anything else."""
    if not re.fullmatch(r"(?:[A-Z]\d*)*", text):
        return []
    found = re.findall(r"([A-Z])(\d*)", text)
    return [letter for letter, count in found for _ in range(_count(count))]


def _count(digits: str) -> int:
    if len(digits) > len(str(_MOST_PARTS)):
        raise _too_long()
    return int(digits or 1)


def _too_long() -> NotationError:
    return NotationError(f"the order P: plays more than {_MOST_PARTS} parts; write a shorter one")


def _in_order(sections: Iterable[Section], order: Sequence[str]) -> Iterator[Bar]:
    """Yield the bars before the first part, then those of the parts."""
    for section in in_part_order(((section.part, section) for section in sections), order):
        yield from section.played()


def in_part_order(pieces: Iterable[tuple[str, T]], order: Sequence[str]) -> Iterator[T]:
    """Yield pieces of a tune in the order of its parts, after those before the first part.

    A part that is not there is ignored, as abc2midi does. One that is there several times is
    played in its first version, then in its second, and so on; the last one is played again.

    Parameters
    ----------
    pieces : iterable of (str, T)
        In written order, with the letter of the part that begins with each, or nothing.
    order : sequence of str
        The letters in turn; see `part_order`.
    """
    versions: dict[str, list[list[T]]] = {}
    current: list[T] = []
    played = [current]
    for part, piece in pieces:
        if part:
            current = []
            versions.setdefault(part, []).append(current)
        current.append(piece)
    for place, name in enumerate(order):
        if name in versions:
            several = versions[name]
            played.append(several[min(order[:place].count(name), len(several) - 1)])
    for part_pieces in played:
        yield from part_pieces


def _with_jumps(sections: Sequence[Section]) -> Iterator[Bar]:
    """Yield bars as played, with D.C. and D.S. followed once each.

    On the way back nothing is repeated, and of several endings the last is played. A D.C. or
    D.S. without a ``fine`` and without a coda is ignored: it would only play all once more.
    """
    straight = [bar for section in sections for bar in section.played()]
    written = [bar for section in sections for bar in section.written()]
    jumps = {
        id(bar): mark for bar in written for mark in reversed(_marks(bar)) if mark.startswith("D.")
    }
    if not jumps:
        yield from straight
        return
    once = [bar for section in sections for bar in section.once()]
    last = {id(bar): index for index, bar in enumerate(straight)}
    for index, bar in enumerate(straight):
        yield bar
        if id(bar) in jumps and last[id(bar)] == index:
            way, to_the_end = _way_back(once, jumps[id(bar)], bar)
            yield from way
            if to_the_end:
                return


def _way_back(once: Sequence[Bar], jump: str, left: Bar) -> tuple[Sequence[Bar], bool]:
    """Return the bars that follow a D.C. or D.S., and whether they end the tune, as a coda does."""
    places: dict[str, list[int]] = {}
    for index, bar in enumerate(once):
        for mark in _marks(bar):
            places.setdefault(mark, []).append(index)
    start = 0
    if jump.startswith("D.S."):
        left_at = next((index for index, bar in enumerate(once) if bar is left), len(once))
        signs = [index for index in places.get("segno", []) if index <= left_at]
        if not signs:
            return [], False
        start = signs[-1]
    fines = [index for index in places.get("fine", []) if index >= start]
    # Where there is no "to coda", the first of two coda signs says from where to go to the second.
    codas = [index for index in places.get("coda", []) if index >= start]
    leaving = [index for index in places.get("to coda", []) if index >= start] or codas
    codas = [index for index in codas if leaving and index > leaving[0]]
    if codas and not jump.endswith("fine") and (jump.endswith("coda") or not fines):
        before = leaving[0] + (not _begins_with_mark(once[leaving[0]]))
        return [*once[start:before], *once[codas[0] :]], True
    return (once[start : fines[0] + 1] if fines else []), False


def _marks(bar: Bar) -> list[str]:
    return [token.text for token in bar.tokens if token.kind == "mark"]


def _begins_with_mark(bar: Bar) -> bool:
    """Return whether a mark of the bar stands before its notes."""
    kinds = [token.kind for token in bar.tokens if token.kind in SOUNDING or token.kind == "mark"]
    return kinds[0] == "mark"
