"""The form of a tune: its sections, repeats, endings and lines, as far as they have been read."""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from abcgen.grammar.alphabet import GRID, Alphabet, lengths_of
from abcgen.grammar.bar.rules import Frame, Rules, rules_of
from abcgen.grammar.header import CHORD_METERS, METERS, SAME_BARS, UNITS, Header
from abcgen.grammar.wishes import REPEATED, REPEATED_AFTER_PICKUP
from abcgen.notation.meters import is_compound
from abcgen.notation.rhythms import HORNPIPE

#: A line ends after this number of full bars,
BARS_IN_LINE = 4
#: or of characters, chord symbols not counted: abcm2ps refuses lines of about 75.
MOST_IN_LINE = 44
#: Two, four and eight notes in the time of three are at home where beats have three parts.
_COMPOUND_TUPLETS, _SIMPLE_TUPLETS = "23468", "36"
#: Metres in which a pickup may last 1/16.
_EVEN_METERS = frozenset({"2/4", "4/4", "C", "C|", "2/2"})
#: The first bar, the second and a later one differ in what may stand in them.
_BARS_DISTINGUISHED = 2
#: Of the bars left in a section, what may follow a bar depends on whether there are none, one, two
#: or more: it may count, and the next one may be the last.
_BARS_LEFT_DISTINGUISHED = 3
#: How a section begins may be left open, or be one of three.
_OPENINGS_DISTINGUISHED = 4
#: What the first bar of a tune may hold: less than a full bar, or a full one.
FREE = -1


def line_is_full(bars: int, width: int) -> bool:
    """Return whether a line with this many full bars and characters must end."""
    return bars >= BARS_IN_LINE or width >= MOST_IN_LINE


class Move(IntEnum):
    """What a bar line or another mark does to the sections that are asked for."""

    STAYS = 0
    COUNTS = 1  # a full bar is over
    BEGINS = 2  # the header is over
    FORKS = 3  # the first ending begins
    RETURNS = 4  # the second ending begins
    NEXT = 5  # a section is over


class Due(NamedTuple):
    """The sections that are asked for, and how far they have been read.

    They are kept apart from the form in which any section will do (`Form.asked`): of all that is
    asked for, only the next bars decide what may follow.

    Attributes
    ----------
    form : tuple of int
        The bars of each section.
    section, bars, fork : int
        As in `Form`.
    openings : tuple of int
        How each section begins, as in `abcgen.grammar.wishes.Wishes`; empty if that is open.
    """

    form: tuple[int, ...]
    section: int = 0
    bars: int = 0
    fork: int = 0
    openings: tuple[int, ...] = ()

    def alike(self) -> int:
        """Return the same number for all from which a move leads to the same choice of characters.

        Each number is more than 0.
        """
        most = _BARS_LEFT_DISTINGUISHED
        section, *later = self.form[self.section :] or (0,)
        left, returns = section - self.bars, section - self.fork if self.fork else most
        opening = 0 if self.bars else self._opening(self.section)
        if left >= most and returns >= most:
            return 1 + opening  # as long as the section does not end, the next does not matter
        number = 1
        for bars in (left, returns, later[0] if later else 0, len(later)):
            number = number * (most + 1) + min(bars, most)
        for one in (opening, self._opening(self.section + 1)):
            number = number * _OPENINGS_DISTINGUISHED + one
        return number

    def _opening(self, section: int) -> int:
        """Return the number of how a section begins, 0 if that is open."""
        return 1 + self.openings[section] if section < len(self.openings) else 0

    def after(self, move: Move) -> "Due":
        """Return what is due after a move."""
        if move == Move.COUNTS:
            return self._replace(bars=self.bars + 1)
        if move == Move.NEXT:
            return Due(self.form, self.section + 1, openings=self.openings)
        if move == Move.FORKS:
            return self._replace(fork=self.bars)
        if move == Move.RETURNS:
            return self._replace(bars=self.fork)
        return self


class Form(NamedTuple):
    """Where in the form of a tune a bar stands, and so what the bar must be.

    Lengths are in grid units (`abcgen.grammar.alphabet.GRID`).

    Attributes
    ----------
    header : Header
        What the header says.
    key : str
        The key at this place.
    section : int
        Sections before this one; no more than 1 where no form is asked for.
    repeated : bool
        Whether the section begins with ``|:``.
    bars : int
        Its full bars so far; in the second ending, those of the first are not counted. Where no
        form is asked for, no more are counted than make a difference to what may follow.
    ending, fork : int
        The ending that is being read, 0 before any; the bars before the endings.
    tune_pickup, section_pickup : int
        The pickups of the tune, and of what has been read since the last repeat sign.
    pickup : int
        What the bar that is being read must hold if it is a pickup: `FREE` where it may be one
        or not, 0 where it is not one.
    missing : int
        What the bar lacks whose bar line has just been read; -1 elsewhere.
    line_bars : int
        Full bars in the line so far.
    """

    header: Header
    key: str
    section: int = 0
    repeated: bool = False
    bars: int = 0
    ending: int = 0
    fork: int = 0
    tune_pickup: int = 0
    section_pickup: int = 0
    pickup: int = FREE
    missing: int = -1
    line_bars: int = 0

    def asked(self, due: "Due | None") -> "Form":
        """Return the form where these sections are asked for, read so far, or any if it is None."""
        asked = (due.form, due.openings) if due else ((), ())
        wishes = self.header.wishes._replace(form=asked[0], openings=asked[1])
        header = self.header._replace(wishes=wishes)
        if due:
            return self._replace(header=header, section=due.section, bars=due.bars, fork=due.fork)
        most = _BARS_DISTINGUISHED
        return self._replace(
            header=header,
            section=min(self.section, 1),
            bars=min(self.bars, most),
            fork=min(self.fork, most),
        )

    def alike(self) -> "Form":
        """Return the same form for all that have the same rules.

        They may differ in their key, which matters only for those that it may change to, in how
        their metre is written, and in the sections that are asked for: see `Due.alike`.
        """
        form = self.asked(None) if self.header.wishes.form else self
        meter = form.header.meter
        header = form.header._replace(meter=SAME_BARS.get(meter, meter))
        return form._replace(header=header, key="")

    def due(self) -> "Due | None":
        """Return the sections that are asked for; None if any will do."""
        form, openings = self.header.wishes.form, self.header.wishes.openings
        return Due(form, self.section, self.bars, self.fork, openings) if form else None

    def move_from(self, before: "Form | None") -> Move:
        """Return what led from the form before to this one."""
        if before is None:
            return Move.BEGINS
        if self.section > before.section:
            return Move.NEXT
        if self.ending > before.ending:
            return Move.FORKS if self.ending == 1 else Move.RETURNS
        return Move.COUNTS if self.bars > before.bars else Move.STAYS

    def counts(self, missing: int) -> bool:
        """Return whether the bar is a full one, or a pickup, which is not counted.

        The numbers of bars are those of `abcgen.notation.bar_numbers`.

        Parameters
        ----------
        missing : int
            What the bar lacks.
        """
        return missing == 0 if self.pickup == FREE else self.pickup == 0

    def with_bar(self) -> "Form":
        """Return the form with one more full bar."""
        most = _BARS_DISTINGUISHED if not self.header.wishes.form else self.bars + 1
        return self._replace(bars=min(self.bars + 1, most), line_bars=self.line_bars + 1)

    def may_continue(self, bars: int) -> bool:
        """Return whether the section may have more full bars than these."""
        form = self.header.wishes.form
        return not form or bars < form[self.section]

    def may_close(self, bars: int) -> bool:
        """Return whether the section may end with this number of full bars."""
        form, chords = self.header.wishes.form, self.header.wishes.chords
        # A bar that may be a pickup need not have a chord symbol, and so cannot be the only bar
        # where one is asked for.
        alone = self.pickup == FREE and bool(chords) and self.may_continue(1)
        return (not form or bars == form[self.section]) and not alone

    def may_be_last(self) -> bool:
        """Return whether the tune may end with this section."""
        form = self.header.wishes.form
        return not form or self.section + 1 == len(form)

    def may_be_followed(self) -> bool:
        """Return whether another section may follow."""
        form = self.header.wishes.form
        return not form or self.section + 1 < len(form)

    def opening(self) -> int | None:
        """Return how the section must begin whose head this is; None if that is open."""
        openings = self.header.wishes.openings
        if self.section >= len(openings) or ":" not in self.header.alphabet.characters:
            return None
        # Where there can be no pickup, it is repeated from the first bar on.
        may_be = self.pickup > 0 or (self.pickup == FREE and bool(self._lacking_in_pickup()))
        behind = openings[self.section] == REPEATED_AFTER_PICKUP
        return REPEATED if behind and not may_be else openings[self.section]

    def in_single_ending(self) -> bool:
        """Return whether what is read is played once: outside repeats, or in a second ending."""
        return not self.repeated or self.ending == 2

    def line_is_full(self, width: int) -> bool:
        """Return whether the line must end, `width` characters long."""
        return line_is_full(self.line_bars, width)

    def full(self) -> int:
        """Return the grid units of a full bar."""
        return METERS[self.header.meter] * UNITS[self.header.unit]

    def eighth(self) -> int:
        """Return the grid units of an eighth."""
        return UNITS[self.header.unit]

    def may_be_pickup(self, units: int) -> bool:
        """Return whether a pickup may last so long: whole eighths or, in even metres, 1/16.

        Behind any other the chords of abc2midi would outlast the last bar.
        """
        return units in self._possible_pickups()

    def _possible_pickups(self) -> frozenset[int]:
        """Return how long a pickup may be, up to a full bar."""
        even = self.header.alphabet.wide and self.header.meter in _EVEN_METERS
        return _possible_pickups(self.header.alphabet, self.full(), self.eighth(), even)

    def _lacking_in_pickup(self) -> frozenset[int]:
        """Return what the first bar of a tune may lack to be a pickup."""
        # A bar of one unit may come to stand alone in a line before :|, as in A:|, which is read as
        # a field.
        full = self.full()
        return frozenset(
            full - one for one in self._possible_pickups() if 0 < one <= full - 2 * GRID
        )

    def pickups(self) -> frozenset[int]:
        """Return what the last bar of the tune may lack."""
        lacking = frozenset((self.section_pickup, self.tune_pickup))
        return lacking | {0} if self.header.alphabet.wide else lacking

    def cuts(self) -> frozenset[int]:
        """Return what the bar before a double bar line may lack: what may be a pickup."""
        most = min(self.full() // 2, self.full() - 2 * GRID)
        return self.pickups().union(one for one in self._possible_pickups() if one <= most)

    def rules(self) -> Rules:
        """Return the rules of the next bar."""
        header, eighth = self.header, self.eighth()
        plain, double, repeat = self._bar_ends()
        tuplets = _COMPOUND_TUPLETS if is_compound(header.meter) else _SIMPLE_TUPLETS
        written = header.alphabet.characters
        # abc2midi plays hornpipes dotted, and with any of these it loses count.
        all_sounds = header.rhythm != HORNPIPE
        frame = Frame(
            self.pickup if self.pickup > 0 else self.full(),
            plain,
            double,
            repeat,
            eighth,
            tuplets="".join(count for count in tuplets if written.issuperset(("(", count))),
            chords=header.wishes.chords is not False and header.meter in CHORD_METERS,
            rests=all_sounds,
            groups=all_sounds,
            broken=all_sounds,
            alphabet=header.alphabet,
        )
        return rules_of(frame)

    def _bar_ends(self) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Return what the next bar may lack before ``|``, ``||`` or ``|]``, and ``:|``."""
        if self.pickup > 0:
            return frozenset((0,)), frozenset(), frozenset()
        free = self.pickup == FREE
        full_bar = self.may_continue(self.bars + 1) and not (
            free and self.opening() == REPEATED_AFTER_PICKUP
        )
        plain = frozenset((0,) if full_bar else ())
        if free:
            plain |= self._lacking_in_pickup()
        double: frozenset[int] = frozenset()
        repeat: frozenset[int] = frozenset()
        if self.may_close(self.bars + 1):
            if not self.in_single_ending():
                repeat = frozenset((0 if free else self.section_pickup,))
            elif free:
                double = frozenset((0,) if self.may_be_last() or self.may_be_followed() else ())
            else:
                double |= self.pickups() if self.may_be_last() else frozenset()
                double |= self.cuts() if self.may_be_followed() else frozenset()
        return plain, double, repeat


@lru_cache(256)
def _possible_pickups(alphabet: Alphabet, full: int, eighth: int, even: bool) -> frozenset[int]:
    """Return the pickups of a metre, see `Form.may_be_pickup`, in which bars have `full` units."""
    whole = frozenset(range(0, full + 1, eighth))
    shortest = min(length for _, length in lengths_of(alphabet, eighth))
    half, odd = divmod(eighth, 2)
    return whole | {half} if even and not odd and half % shortest == 0 else whole
