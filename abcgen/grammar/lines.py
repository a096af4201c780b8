"""Lines of music: how canonical tunes are broken into them, bar by bar.

A line ends at the first bar line where it is full, and at the end of each section. So line ends
depend only on what stands before them.
"""

import re
from collections.abc import Iterator

from abcgen.errors import NotationError
from abcgen.grammar.alphabet import LENGTHS
from abcgen.grammar.form import line_is_full
from abcgen.grammar.header import METERS, UNITS
from abcgen.notation.meters import TUPLETS

#: Line ends that are there because the line is full: those that do not end a section.
_BROKEN = re.compile(r"(?<=[^:|]\|)\n|\n(?=\[2 )")
#: A bar with the bar lines around it; a pickup that is not repeated counts as part of the next bar.
_BAR = re.compile(r"(?:\|:)?[^|]+\|(?:[|\]]|:[^|]+\|)?")
_LONE_PICKUP = re.compile(r"[^|]+\|(?=:)")
_CHORD = re.compile(r'"[^"]*"')
#: A sound: the number of the tuplet that begins with it, if any, and its length.
_SOUND = re.compile(r"(?:\(([2-8]))?(?:\[[^\]]+\]|[A-Ga-gz][,']?)([\d/]*)")


class Lines:
    """Lines that are filled with bars; each ends when it is full."""

    def __init__(self) -> None:
        self._ended: list[str] = []
        self._line = ""
        self._width = 0
        self._full_bars = 0

    def add(self, bar: str, full: bool) -> None:
        """Add a bar.

        Parameters
        ----------
        bar : str
            Its music with the bar lines around it.
        full : bool
            Whether it counts as a bar: a pickup does not.
        """
        if line_is_full(self._full_bars, self._width):
            self.end()
        self._line += bar
        self._width += width_of(bar)
        self._full_bars += full

    def end(self) -> None:
        """End the line, unless it is empty."""
        if self._line:
            self._ended.append(self._line)
        self._line, self._width, self._full_bars = "", 0, 0

    def add_field(self, field: str) -> None:
        """Add a field on a line of its own."""
        self.end()
        self._ended.append(field)

    def text(self) -> str:
        """Return the lines that have ended, with an LF after each."""
        return "".join(line + "\n" for line in self._ended)


def width_of(music: str) -> int:
    """Return how wide a text is: its characters, chord symbols not counted."""
    return len(_CHORD.sub("", music))


def joined(music: str) -> str:
    """Return the music of a canonical tune without the line ends of full lines."""
    return _BROKEN.sub("", music)


def break_anew(music: str, meter: str, unit: str) -> str:
    """Break the music of a canonical tune into lines again, after its notes have changed.

    Parameters
    ----------
    music : str
        What stands after the header.
    meter, unit : str
        The values of M: and L:.

    Raises
    ------
    NotationError
        If a pickup is too wide for the line that it must stand in.
    """
    full = METERS[meter] * UNITS[unit]
    lines = Lines()
    # After the last line end there is nothing.
    *sections, _ = joined(music).split("\n")
    for section in sections:
        if not section or section.startswith("K:"):
            lines.add_field(section)
            continue
        # Only the first bar of a section may be a pickup.
        counts = False
        for bar in _BAR.findall(section):
            lines.add(bar, counts or not _is_pickup(bar, full))
            counts = True
        lines.end()
    return lines.text()


def _is_pickup(bar: str, full: int) -> bool:
    """Return whether the first bar of a section does not count, as a pickup that stands alone."""
    alone = _LONE_PICKUP.match(bar)
    if alone is None:
        return sum(_units(bar)) < full
    if line_is_full(0, width_of(alone[0])):
        raise NotationError(f"the pickup {alone[0]} fills a line, where none may be broken")
    return False


def _units(bar: str) -> Iterator[int]:
    """Yield the grid units of each sound of a bar; the first note of a tuplet has all of its."""
    governed = 0  # notes that the tuplet still lacks
    for number, length in _SOUND.findall(_CHORD.sub("", bar)):
        if number:
            governed = int(number) - 1
            yield LENGTHS[length] * TUPLETS[int(number)]
        elif governed:
            governed -= 1
        else:
            yield LENGTHS[length]
