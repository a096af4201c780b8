"""Lengths that fit into a bar, and the shortest way to fill it to its end."""

from functools import lru_cache

from abcgen.grammar.bar import Context, Rules

#: How much of what has been worked out is kept, each entry some hundred bytes.
_MOST_KEPT = 8192
_FAR = 10**6

#: Heads of lengths -> what may follow, and the grid units if the head is a whole length, or 0.
Heads = dict[str, tuple[str, int]]
#: What may be missing of a bar -> the character that ends it there, on the way to the tune's end.
Ends = tuple[tuple[int, str], ...]


@lru_cache(_MOST_KEPT)
def _heads(rules: Rules, room: int, left: int, each: int, time: int) -> Heads:
    """Return the heads of the lengths that fit; see `heads_of`.

    `left` is what is left of the current eighth: after a single 1/32, a note of an odd number of
    1/32 must follow, and a note of 3/32 begins or ends with an eighth, as people write them.
    `each` is the only length that fits, if it is not 0. `time` is that of a tuplet, whose notes
    must be `divisible`, or 0.
    """
    heads: Heads = {}
    for text, units in rules.lengths:
        if each:
            fits = units == each
        elif time:
            fits = units in rules.divisible and units * time <= room
        else:
            odd = units % rules.pair != 0
            fits = units <= room and (odd or left % rules.pair == 0)
            if odd and units > rules.pair:
                fits = fits and (left == 0 or left == units)
        if not fits:
            continue
        for end in range(len(text) + 1):
            more, whole = heads.get(text[:end], ("", 0))
            following = text[end : end + 1]
            heads[text[:end]] = (
                more + (following if following not in more else ""),
                whole if following else units,
            )
    return heads


def heads_of(context: Context) -> Heads:
    """Return the heads of the lengths that the sound being read may have."""
    each = context.each
    return _heads(
        context.rules,
        0 if each else context.room(),
        context.left % context.rules.frame.eighth,
        each,
        0 if each else context.time,
    )


def lengths_that_fit(context: Context) -> list[tuple[str, int]]:
    """Return the lengths that the sound being read may have, with their grid units."""
    return [(text, units) for text, (_, units) in heads_of(context).items() if units]


@lru_cache(_MOST_KEPT)
def _fills(rules: Rules, ends: Ends) -> list[int]:
    """Return for whatever may be left the fewest characters of notes up to an end of the bar.

    It is `_FAR` or more where there is no way.
    """
    fills: list[int] = []
    for left in range(rules.size + 1):
        ways = [
            1 + len(text) + fills[left - units]
            for text, units in lengths_that_fit(Context(rules, left))
        ]
        fills.append(0 if left in dict(ends) else min(ways, default=_FAR))
    return fills


def _reachable(rules: Rules, left: int, ends: Ends) -> Ends:
    """Return the ends that notes can reach."""
    fitting = tuple(
        (missing, character)
        for missing, character in ends
        if missing <= left and _fills(rules, ((missing, character),))[left] < _FAR
    )
    # If there is none, the bar is filled, and the next one may end the tune.
    return fitting or ((rules.least, rules.lines[rules.least][0]),)


@lru_cache(_MOST_KEPT)
def way_to_end(context: Context, text: str, ends: Ends) -> tuple[int, str]:
    """Return the fewest characters to the end of the bar, and the first of them.

    Parameters
    ----------
    context : Context
        The bar up to the sound that is being read.
    text : str
        What has been read of its length.
    ends : Ends
        Where the bar may end.
    """
    rules = context.rules
    best = (_FAR * 2, "")
    for length, units in lengths_that_fit(context):
        if not length.startswith(text):
            continue
        left = context.left_after(units)
        cost = len(length) - len(text)
        following = length[len(text) : len(text) + 1]
        if context.notes > 1:
            cost += (context.notes - 1) * (1 + len(length))
            following = following or rules.letters[0]
        fitting = _reachable(rules, left, ends)
        rest = _fills(rules, fitting)[left]
        first = dict(fitting).get(left, rules.letters[0])
        # If it is not one of `ends`, at least one more bar follows.
        best = min(best, (cost + rest + _FAR * (fitting[0] not in ends), following or first))
    return best
