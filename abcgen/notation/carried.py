"""What goes on from bar to bar on paper: ties, slurs, names of parts, and where a line ends."""

from fractions import Fraction
from itertools import count, islice

from abcgen.notation.score import Head, Sign

_ZERO = Fraction(0)


class OpenTie:
    """A tie that waits for its second note.

    Attributes
    ----------
    head : Head
        The head at which it begins.
    pitch : int
        The MIDI note number.
    end : Fraction
        When its note ends, in whole notes from the start of the tune as written.
    across : bool
        Whether it goes from before the endings into a later one than the first.
    """

    __slots__ = ("across", "end", "head", "pitch")

    def __init__(self, head: Head, pitch: int, end: Fraction) -> None:
        self.head, self.pitch, self.end, self.across = head, pitch, end, False


class Carried:
    """What a bar takes over from the bars before it.

    Attributes
    ----------
    now : Fraction
        When the bar begins, in whole notes. Each ending begins where the first one does.
    ties : dict
        Letter and octave of a note -> its open tie.
    line_ends : bool
        Whether the line of music has ended, so that the next bar begins another.
    parts : list of (str, int)
        Names of parts that begin with the next note, and their positions.
    """

    def __init__(self) -> None:
        self.now = _ZERO
        self.ties: dict[tuple[str, int], OpenTie] = {}
        self.line_ends = False
        self.parts: list[tuple[str, int]] = []
        self._slurs: dict[int, Sign] = {}  # number -> the sign at which it begins
        self._waiting_slurs = 0  # opened, but no note yet
        self._last: Sign | None = None  # of the last note or group

    def into_ending(self, now: Fraction, ties: dict[tuple[str, int], OpenTie], first: bool) -> None:
        """Go back to the last bar before the endings."""
        self.now, self.ties = now, dict(ties)
        for tie in ties.values():
            tie.across = not first

    def go_back(self) -> None:
        """Mark the ties that are open where the tune goes back to play another ending."""
        for tie in self.ties.values():
            if tie.end == self.now and not tie.head.tied_to:
                tie.head.half_tie = "out"

    def sound(self, first: Sign, last: Sign) -> None:
        """Begin the slurs that wait for a note; it is written as these signs, tied."""
        free = (number for number in count(1) if number not in self._slurs)
        for number in islice(free, self._waiting_slurs):
            self._slurs[number] = first
            first.slurs_begin.append(number)
        self._waiting_slurs = 0
        self._last = last

    def open_slur(self) -> None:
        """Begin a slur at the next note."""
        self._waiting_slurs += 1

    def close_slur(self) -> None:
        """End the slur that was opened last; one over a single note is none."""
        if self._waiting_slurs:
            self._waiting_slurs -= 1
        elif self._slurs:
            number, begin = self._slurs.popitem()
            if self._last is None or self._last is begin:
                begin.slurs_begin.remove(number)
            else:
                self._last.slurs_end.append(number)

    def drop_slurs(self) -> None:
        """Forget the slurs that never end."""
        for number, sign in self._slurs.items():
            sign.slurs_begin.remove(number)
