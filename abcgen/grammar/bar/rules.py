"""What a bar must be, and how far it has been read.

All lengths are whole numbers of the `GRID` (`abcgen.grammar.alphabet`), a quarter of the unit note
length. Every length that may be written is a multiple of the shortest one, and so is whatever is
left of a bar. So it can always be filled by notes of the shortest length, and no character that
fits leads into a dead end: this is arithmetic, not a search.

Only what abc2midi, abcjs and music21 all take is let in: lengths that each of them can represent,
tuplets that they agree on, ties into the same pitch, chord symbols at whole eighths.
"""

from functools import lru_cache
from typing import NamedTuple

from abcgen.grammar.alphabet import Alphabet, lengths_of

#: Rules that are kept, each some hundred bytes.
_MOST_KEPT = 4096


class Frame(NamedTuple):
    """What a bar must be: how long, how it may end, and what may stand in it.

    Attributes
    ----------
    size : int
        Grid units from its beginning to its full length.
    plain : frozenset of int
        What may be missing of the full length when another bar follows.
    double : frozenset of int
        What may be missing when a double or final bar line follows.
    repeat : frozenset of int
        What may be missing when ``:|`` follows.
    eighth : int
        Grid units of an eighth; chord symbols stand at whole ones.
    tuplets : str
        The numbers of notes of the tuplets that may be written.
    chords, rests, groups, broken : bool
        Whether chord symbols, rests, groups, and ``>`` and ``<`` may be written.
    alphabet : Alphabet
        What can be written at all.
    due : bool
        Whether a chord symbol follows where the frame ends, and not a bar line: then it is a part
        of a bar (`abcgen.grammar.parts`).
    """

    size: int
    plain: frozenset[int]
    double: frozenset[int]
    repeat: frozenset[int]
    eighth: int
    tuplets: str
    chords: bool
    rests: bool
    groups: bool
    broken: bool
    alphabet: Alphabet
    due: bool = False

    def least(self) -> int:
        """Return the least that may be missing in the end."""
        return min(self.plain | self.double | self.repeat)


class Rules:
    """A frame, with what follows from it worked out once. Compared by identity: see `rules_of`."""

    __slots__ = (
        "divisible",
        "frame",
        "groups",
        "least",
        "lengths",
        "letters",
        "lines",
        "onward",
        "pair",
        "size",
    )

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.size = frame.size
        self.least = frame.least()
        self.letters = frame.alphabet.letters
        self.lengths = lengths_of(frame.alphabet, frame.eighth)
        #: Two notes of 1/32: a bar is never out of step with these for longer than one note.
        self.pair = max(frame.eighth // 2, 1)
        #: Lengths of notes in tuplets and of two notes of which > or < dots one: 1/16, 1/8, 1/4.
        self.divisible = frozenset((frame.eighth // 2, frame.eighth, 2 * frame.eighth))
        written = frame.alphabet.characters
        #: Whether notes may sound at once.
        self.groups = frame.groups and written.issuperset("[]") and len(self.letters) > 1
        #: What goes on where the frame ends, also after a tie: a bar line, or else what is due.
        self.onward = "|" if not frame.due else '" ' if " " in written else '"'
        #: What is missing -> the characters with which the bar may end there.
        self.lines = {
            missing: (self.onward if missing in frame.plain | frame.double else "")
            + (":" if missing in frame.repeat and ":" in written else "")
            for missing in frame.plain | frame.double | frame.repeat
        }


@lru_cache(_MOST_KEPT)
def rules_of(frame: Frame) -> Rules:
    """Return the rules of a frame, the same object for the same frame."""
    return Rules(frame)


class Context(NamedTuple):
    """What all phases of a bar share: what it must be, and how far it has been read.

    Attributes
    ----------
    rules : Rules
        What the bar must be.
    left : int
        Grid units to the full length, not counting the sound that is being read.
    tie : str
        The pitch, or the group, that must come next, tied; or an empty string.
    each : int
        Grid units that the sound must have: those of a tuplet after the first note, and the note
        after > or <; 0 where the length is open.
    time : int
        The number of notes in whose time the tuplet is played; 0 outside tuplets.
    notes : int
        Notes that the tuplet still lacks, including the one that is being read.
    """

    rules: Rules
    left: int
    tie: str = ""
    each: int = 0
    time: int = 0
    notes: int = 0

    def room(self) -> int:
        """Return the grid units that may be filled at most."""
        return self.left - self.rules.least

    def left_after(self, units: int) -> int:
        """Return what is left after a sound of this length."""
        if self.time:
            # The whole tuplet is paid for by its first note.
            return self.left if self.each else self.left - units * self.time
        return self.left - units


class Exit(NamedTuple):
    """A character that the form of the tune decides about.

    Attributes
    ----------
    character : str
        The first character of a bar line after music, or a mark that stands where a bar begins.
    missing : int
        What the bar lacks, in grid units.
    value : str
        The pitch that is tied over the bar line; the name of a new key.
    after_music : bool
        Whether a bar has just ended.
    """

    character: str
    missing: int
    value: str
    after_music: bool
