"""The shortest way to the end of a tune from any place."""

from abcgen.grammar.acceptor import End, Place
from abcgen.grammar.bar import Rules
from abcgen.grammar.form import Form
from abcgen.grammar.phases import InBar
from abcgen.grammar.phases.lengths import Ends

#: Places of which the distance is kept.
_MOST_KEPT = 8192


def fewest(place: Place) -> int:
    """Return the fewest characters in which the tune can end, including the blank line after it.

    At each place the character that `shortest` gives leads to one that needs one less. In the
    header, and in some forms, there may be a way that is shorter by a bar: the shortest header is
    chosen without regard to what it means for the bars.
    """
    # A loop, not recursion: a long form has more characters than Python lets calls nest.
    path: list[Place] = []
    while (known := _known.get(place)) is None and not isinstance(place.local, End):
        path.append(place)
        place = place.after(shortest(place))
    count = known or 0
    if len(_known) > _MOST_KEPT:
        _known.clear()
    for passed in reversed(path):
        count += 1
        _known[passed] = count
    return count


_known: dict[Place, int] = {}


def shortest(place: Place) -> str:
    """Return the next character on the shortest way to the end."""
    local = place.local
    assert not isinstance(local, End)
    if isinstance(local, InBar):
        assert place.form is not None
        return local.shortest(_ends(place.form, local.context.rules))
    return local.shortest()


def _ends(form: Form, rules: Rules) -> Ends:
    """Return where the bar may end so that the tune ends soon."""
    if form.pickup <= 0 and form.may_close(form.bars + 1):
        last = form.pickups() if form.may_be_last() else frozenset((0,))
        single = form.in_single_ending()
        ends = last & rules.frame.double if single else rules.frame.repeat
        if ends:
            return tuple((missing, "|" if single else ":") for missing in sorted(ends))
    return ((0, "|"),)
