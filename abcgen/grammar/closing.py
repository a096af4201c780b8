"""The way to the end: in how few characters a tune can be ended from any place, and how."""

from functools import cache, lru_cache

from abcgen.grammar import bar as bars
from abcgen.grammar.acceptor import Crossing, End, Fixed, Form, KeyChange, Place
from abcgen.grammar.bar import TUPLETS, Alphabet, InBar, Rules, lengths_within, read_pitch
from abcgen.grammar.header import Header

#: How much of what has been worked out is kept.
_MOST_KEPT = 8192
_FAR = 10**6


def fewest(place: Place) -> int:
    """Return in how few characters the tune can end from here, the blank line behind it included.

    At each place the character that `shortest` gives leads to one that needs one less. In the
    header, and in some forms, there is a way that is shorter by a bar: what the header is to say
    is not held against what it means for the bars.
    """
    # Walked, not called from itself: a long form has more characters than Python lets calls nest.
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
    """Return the character with which the shortest way to the end begins."""
    local = place.local
    if isinstance(local, Header | KeyChange):
        return local.shortest()
    if isinstance(local, Fixed):
        return local.text[0]
    if isinstance(local, Crossing):
        return next(mark for mark in "]\n|" if mark in local.marks)
    assert isinstance(local, InBar) and place.form is not None
    if local.phase == bars.START:
        # A line end stands at the head of a section only, where it ends the tune.
        for mark in "]\n":
            if mark in local.marks:
                return mark
    return _BY_PHASE[local.phase](local, _ends(place.form, local.rules))


# -- where a bar is to end ------------------------------------------------------------------------

#: What may be missing of the bar -> the character that ends it there, on the way to the end.
Ends = tuple[tuple[int, str], ...]


def _ends(form: Form, rules: Rules) -> Ends:
    """Return where the bar may end so that the tune soon does."""
    if form.pickup <= 0 and form.may_close(form.bars + 1):
        last = {form.begin, form.first} if form.may_be_last() else {0}
        single = form.in_single_ending()
        ends = last & rules.frame.double if single else rules.frame.repeat
        if ends:
            return tuple((missing, "|" if single else ":") for missing in sorted(ends))
    return ((0, "|"),)


@lru_cache(_MOST_KEPT)
def _fills(rules: Rules, ends: Ends) -> list[int]:
    """Return in how few characters notes fill a bar to one of its ends, for all that may be left.

    `_FAR` or more where they cannot.
    """
    fills: list[int] = []
    for left in range(rules.size + 1):
        ways = [1 + len(text) + fills[left - units] for text, units in lengths_within(rules, left)]
        fills.append(0 if left in dict(ends) else min(ways, default=_FAR))
    return fills


def _reachable(rules: Rules, left: int, ends: Ends) -> Ends:
    """Return the ends that can be filled up to."""
    fitting = tuple(
        (missing, character)
        for missing, character in ends
        if missing <= left and _fills(rules, ((missing, character),))[left] < _FAR
    )
    # Where none is, the bar is filled up, and the next one may end the tune.
    return fitting or ((rules.least, rules.lines[rules.least][0]),)


# -- phase by phase -------------------------------------------------------------------------------


def _begin(place: InBar, ends: Ends) -> str:
    """Begin a sound."""
    if place.phase == bars.START and place.number:
        return '"'
    return place.tie[0] if place.tie else place.rules.letters[0]


@cache
def _chord_end(text: str, alphabet: Alphabet) -> str:
    """Return the shortest way to close a chord symbol."""
    more = bars.chord_goes_on(text, alphabet)
    if '"' in more:
        return '"'
    return min((c + _chord_end(text + c, alphabet) for c in more), key=len)


def _chord(place: InBar, ends: Ends) -> str:
    return _chord_end(place.text, place.rules.frame.alphabet)[0]


def _tied(place: InBar, ends: Ends) -> str:
    if place.left in place.rules.frame.plain:
        return "|"
    return place.tie[0]


def _tuplet(place: InBar, ends: Ends) -> str:
    def cost(count: str) -> int:
        number = place._replace(phase=bars.NOTE, number=int(count), time=TUPLETS[count])
        return _to_end(number, ends)[0]

    return min(place.allowed(), key=cost)


def _letter(place: InBar, ends: Ends) -> str:
    return place.rules.letters[0]


def _sound(place: InBar, ends: Ends) -> str:
    """Go on with a note, a rest or a group that may have its whole length."""
    if place.tie and place.phase == bars.NOTE and not place.text:
        mark = place.tie[len(place.pitch) : len(place.pitch) + 1]
        if mark:
            return mark
    return _to_end(place, ends)[1]


@lru_cache(_MOST_KEPT)
def _to_end(place: InBar, ends: Ends) -> tuple[int, str]:
    """Return the fewest characters to the end of the bar, and the first of them."""
    best = (_FAR * 2, "")
    for text, units in bars.lengths_that_fit(place):
        if not text.startswith(place.text):
            continue
        left = place.left - units
        cost = len(text) - len(place.text)
        following = text[len(place.text) : len(place.text) + 1]
        if place.time:
            left = bars.left_after(place, units)
            cost += (place.number - 1) * (1 + len(text))
            if place.number > 1:
                following = following or place.rules.letters[0]
        fitting = _reachable(place.rules, left, ends)
        rest = _fills(place.rules, fitting)[left]
        first = dict(fitting).get(left, place.rules.letters[0])
        # An end that is none of those asked for takes at least a bar more.
        best = min(best, (cost + rest + _FAR * (fitting[0] not in ends), following or first))
    return best


def _group(place: InBar, ends: Ends) -> str:
    if place.tie:
        return place.tie[len(place.group)]
    allowed = place.allowed()
    if "]" in allowed:
        return "]"
    higher = [c for c in allowed if c in place.rules.letters and read_pitch(c) > place.last]
    if place.pitch and read_pitch(place.pitch) <= place.last:
        return allowed[0]  # its octave mark
    if place.pitch:
        higher = [c for c in higher if read_pitch(c) > read_pitch(place.pitch)]
    notes = higher or [c for c in allowed if c in place.rules.letters + "',"]
    # With too few letters for a group, [ begins an ending.
    return notes[0] if notes else allowed[0]


_BY_PHASE = {
    bars.START: _begin,
    bars.SPACE: _begin,
    bars.CHORD: _chord,
    bars.CHORDED: _begin,
    bars.TUPLET: _tuplet,
    bars.NUMBER: _letter,
    bars.ACCIDENTAL: _letter,
    bars.NOTE: _sound,
    bars.REST: _sound,
    bars.GROUP: _group,
    bars.GROUP_ACCIDENTAL: _group,
    bars.GROUPED: _sound,
    bars.TIED: _tied,
    bars.BROKEN: _letter,
}
