"""Parts of bars: the music between two places where something that is given must stand.

Where chord symbols are given, a bar is cut at each of them. To the rules of what is written, the
place of a symbol is then like a bar line: the notes before it fill the part exactly. So there are
no dead ends in a part either.
"""

from typing import NamedTuple

from abcgen.grammar.acceptor import Place
from abcgen.grammar.bar import AfterChordSymbol, Start
from abcgen.grammar.bar.rules import rules_of


class Part(NamedTuple):
    """What a part of a bar must be.

    Attributes
    ----------
    until : int
        Grid units of the bar that are left behind it.
    end : str
        What follows it: ``"``, a chord symbol; ``|`` or ``:``, the bar line.
    tied : bool
        Whether its last note may be tied on.
    """

    until: int
    end: str
    tied: bool = False


def may_begin_part(place: Place) -> bool:
    """Return whether the music of a part may begin at a place: not where a line has to end."""
    return isinstance(place.local, Start | AfterChordSymbol)


def begin_part(place: Place, part: Part) -> Place:
    """Return a place in a bar as it is where the part that begins there must be followed.

    Parameters
    ----------
    place : Place
        Where a bar begins, or behind a chord symbol.
    part : Part
        What is written next. There are no chord symbols in it, and no marks of the form.
    """
    local = place.local
    assert isinstance(local, Start | AfterChordSymbol)
    nothing: frozenset[int] = frozenset()
    until = frozenset((part.until,))
    frame = local.context.rules.frame._replace(
        plain=until if part.tied else nothing,
        double=nothing if part.tied or part.end == ":" else until,
        repeat=until if part.end == ":" else nothing,
        chords=False,
        due=part.end == '"',
    )
    return place._replace(local=type(local)(local.context._replace(rules=rules_of(frame))))
