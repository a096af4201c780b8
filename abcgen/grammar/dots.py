"""`>` and `<` written out as lengths, where the spelling has no place for the signs.

The signs may stand between any two sounds of equal length, but not every player takes them beside
a rest, notes at once or a tie.
"""

from abcgen.notation.form import Bar
from abcgen.notation.timing import bar_events
from abcgen.notation.tokens import SOUNDING, Token, scaled

#: What does not let the lengths of the sounds be told from the sounds alone.
_OF_SEVERAL = frozenset({"tuplet", "field"})


def write_out_dots(bar: Bar) -> None:
    """Write out the signs beside rests, notes at once and ties; those between two notes stay.

    All stay where they do not mean the same to everyone: in bars with tuplets or rests of whole
    bars, two of them at once, at one note, or between sounds of different lengths.

    Notes
    -----
    The bar is changed.
    """
    signs = [token for token in bar.tokens if token.kind == "broken"]
    if not signs or any(token.kind in _OF_SEVERAL for token in bar.tokens):
        return
    sounds: list[Token] = []
    dotted, tied = [], set()  # the sounds before the signs, and those before ties, by number
    for token in bar.tokens:
        if token.kind in SOUNDING:
            sounds.append(token)
        elif token.kind == "broken":
            dotted.append(len(sounds) - 1)
        elif token.kind == "tie":
            tied.add(len(sounds) - 1)
    events = [event for event in bar_events(bar) if event.written]
    if (
        len(events) < len(sounds)
        or any(len(sign.text) > 1 for sign in signs)
        or any(events[n].written != events[n + 1].written or n + 1 in dotted for n in dotted)
    ):
        return
    out = [
        n for n in dotted if {n, n + 1} & tied or not sounds[n].kind == sounds[n + 1].kind == "note"
    ]
    written = {
        id(sounds[n]): scaled(sounds[n], events[n].length / events[n].written)
        for first in out
        for n in (first, first + 1)
    }
    gone = {id(sign) for sign, n in zip(signs, dotted, strict=True) if n in out}
    bar.tokens = [written.get(id(t), t) for t in bar.tokens if id(t) not in gone]
