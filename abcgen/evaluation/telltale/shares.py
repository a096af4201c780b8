"""Plain shares of tunes that have something: bar 1 again at bar 5, an end on the tonic, a range.

Each is a count and what it is a count of, so that shares of people's tunes and of a network's can
be put side by side.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from abcgen.evaluation.telltale.outline import Outline, Part, outline_of
from abcgen.notation.chords import chord_pitches, spell_chord

#: How many have something, and of how many.
Share = tuple[int, int]

#: Bars of the sections whose plan is compared.
EIGHT = 8
_BAR_1, _BAR_5 = 0, 4
_DOMINANT = 7  # semitones above the tonic
_SEQUENCE = 2  # bars from a bar to its sequence
_WHISTLE = (62, 83)  # MIDI notes D4 to B5
_FIDDLE = (55, 83)  # G3 to B5
_WORD = re.compile(r"[a-z]+")

RETURN_1 = "first section: bar 5 = bar 1"
RETURN_2 = "second section: bar 5 = bar 1"
NO_RETURN = "first section: no bar comes back"
TONIC = "last note is the tonic"
TONIC_1 = "first section ends on the tonic"
SEQUENCE = "bar has rhythm and contour of the one two before"
MOVED = "bar is the one two before, moved along the scale"
LAST_BAR = "first and last section share their last bar"
WHISTLE = "within D4 to B5"
FIDDLE = "within G3 to B5"
AUTHENTIC = "ends V-I"
NEEDLESS = "has an accidental that changes nothing"
#: All shares, in the order of tables.
NAMES = (
    *(RETURN_1, RETURN_2, NO_RETURN, TONIC, TONIC_1),
    *(SEQUENCE, MOVED, LAST_BAR, WHISTLE, FIDDLE, AUTHENTIC, NEEDLESS),
)


def shares_of(texts: Iterable[str]) -> dict[str, Share]:
    """Count what tunes have.

    Parameters
    ----------
    texts : iterable of str
        Tunes in abcgen's spelling, each from its X: line on.

    Returns
    -------
    dict of str to (int, int)
        For each of `NAMES`, how many have it, and of how many: tunes, but bars for `SEQUENCE`
        (at another pitch) and `MOVED`. The first three count only sections of eight bars,
        `LAST_BAR` only tunes of two sections and more, `AUTHENTIC` only tunes with chords. The
        tonic is that of the key in which a tune begins. A tune of rests alone counts for nothing.

    Raises
    ------
    NotationError
        If abcgen cannot read a tune.
    """
    return count_shares([outline_of(text) for text in texts])


def count_shares(outlines: Iterable[Outline]) -> dict[str, Share]:
    """Count what tunes have; see `shares_of`."""
    have: Counter[str] = Counter()
    of: Counter[str] = Counter()

    def count(name: str, *found: bool) -> None:
        have[name] += sum(found)
        of[name] += len(found)

    for outline in outlines:
        if not outline.parts:
            continue
        first, *others = outline.parts
        if len(first.bars) == EIGHT:
            count(RETURN_1, _returns(first))
            count(NO_RETURN, len(set(first.plan)) == EIGHT)
        if others and len(others[0].bars) == EIGHT:
            count(RETURN_2, _returns(others[0]))
        count(TONIC, outline.parts[-1].last.pitch % 12 == outline.tonic)
        count(TONIC_1, first.last.pitch % 12 == outline.tonic)
        for part in outline.parts:
            pairs = list(zip(part.bars, part.bars[_SEQUENCE:], strict=False))
            count(SEQUENCE, *(later.is_sequence_of(earlier) for earlier, later in pairs))
            count(MOVED, *(later.is_moved(earlier) for earlier, later in pairs))
        if others:
            count(LAST_BAR, first.bars[-1].notes == others[-1].bars[-1].notes)
        count(NEEDLESS, any(bar.has_needless_accidental() for bar in outline.bars))
        pitches = [note.pitch for note in outline.notes]
        for name, (low, high) in ((WHISTLE, _WHISTLE), (FIDDLE, _FIDDLE)):
            count(name, low <= min(pitches) and max(pitches) <= high)
        roots = roots_of(outline)
        if roots:
            count(AUTHENTIC, roots[-2:] == [_DOMINANT, 0])
    return {name: (have[name], of[name]) for name in NAMES}


def plans_of(texts: Iterable[str]) -> Counter[str]:
    """Count the plans of first sections of eight bars: ``ABCDABEF``."""
    return count_plans([outline_of(text) for text in texts])


def count_plans(outlines: Iterable[Outline]) -> Counter[str]:
    """Count the plans of first sections of eight bars; see `plans_of`."""
    firsts = (outline.parts[0] for outline in outlines if outline.parts)
    return Counter(part.plan for part in firsts if len(part.bars) == EIGHT)


def known_words(titles: Iterable[str], others: Sequence[str]) -> Share:
    """Count the words of titles that are in some other titles, too."""
    known = {word for title in others for word in words_of(title)}
    words = [word for title in titles for word in words_of(title)]
    return sum(word in known for word in words), len(words)


def words_of(title: str) -> list[str]:
    """Return the words of a title in small letters, without apostrophes."""
    return _WORD.findall(title.lower().replace("'", ""))


def roots_of(outline: Outline) -> list[int]:
    """Return the roots of the chords, in semitones above the tonic."""
    chords = (spell_chord(symbol.text) for symbol in outline.music.chords)
    return [(chord_pitches(chord)[1][0] - outline.tonic) % 12 for chord in chords if chord]


def _returns(part: Part) -> bool:
    return part.bars[_BAR_5].notes == part.bars[_BAR_1].notes
