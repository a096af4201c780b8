"""Steps from one place of a tune to the next, each worked out once: most are taken again and again.

`abcgen.grammar.acceptor` works out each place again, which is too slow to check many tunes.
"""

from collections.abc import Iterator
from functools import lru_cache

from abcgen.grammar.acceptor import Local, Place, begin_music, cross, in_chord
from abcgen.grammar.bar import Start
from abcgen.grammar.bar.rules import Exit
from abcgen.grammar.header import Header

#: What is kept, each some hundred bytes; then all begins again.
_MOST_KEPT = 1 << 15
_MOST_CROSSINGS = 4096


class Stop:
    """What reads the next character, and where it leads.

    Attributes
    ----------
    local : Local
        As in `abcgen.grammar.acceptor.Place`.
    counts : bool
        Whether the character counts in the width of a line.
    begins : bool
        Whether a bar begins here, or the header has ended.
    known : dict of str to Stop or Exit
        Where the characters lead that have been asked for and may follow.
    """

    __slots__ = ("begins", "counts", "known", "local")

    def __init__(self, local: Local) -> None:
        self.local = local
        self.counts = not in_chord(local)
        self.begins = isinstance(local, Start) or (isinstance(local, Header) and local.done)
        self.known: dict[str, Stop | Exit] = {}

    def after(self, character: str) -> "Stop | Exit | None":
        """Return where a character leads that is not `known`, or None where it may not follow."""
        if character not in self.local.allowed():
            return None
        way = self.local.after(character)
        following = self.known[character] = way if isinstance(way, Exit) else _stop(way)
        return following


_stops: dict[tuple[type, Local], Stop] = {}
_cross = lru_cache(_MOST_CROSSINGS)(cross)


def _stop(local: Local) -> Stop:
    """Return the one stop of a place."""
    # Named tuples of two classes may be equal.
    key = local.__class__, local
    stop = _stops.get(key)
    if stop is None:
        if len(_stops) >= _MOST_KEPT:
            _stops.clear()
        stop = _stops[key] = Stop(local)
    return stop


def walk(text: str, place: Place) -> Iterator[tuple[Place, int, Exit | None]]:
    """Read a text as far as it may follow.

    Parameters
    ----------
    text : str
        What is read.
    place : Place
        Where it begins.

    Yields
    ------
    place : Place
        The place after each bar line or other mark, wherever a bar begins, and at the end.
    position : int
        The characters before it. At the end it is less than the length of the text if the
        character there may not follow.
    mark : Exit or None
        The mark.
    """
    form, width, stop = place.form, place.width, _stop(place.local)
    for position, character in enumerate(text):
        following = stop.known.get(character) or stop.after(character)
        if following is None:
            yield Place(form, stop.local, width), position, None
            return
        if stop.counts and character != '"':
            width += 1
        mark: Exit | None = None
        if isinstance(following, Stop):
            stop = following
            width = 0 if character == "\n" else width
            if not stop.begins:
                continue
            local = stop.local
            place = begin_music(local) if isinstance(local, Header) else Place(form, local, width)
        else:
            mark = following
            place = _cross(form, following, width)
        yield place, position + 1, mark
        form, width, stop = place.form, place.width, _stop(place.local)
    yield Place(form, stop.local, width), len(text), None
