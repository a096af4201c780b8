"""What commands show to people: lines on stderr, the progress of long work, tables."""

import sys
from collections.abc import Iterable, Iterator, Sequence, Sized
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

Item = TypeVar("Item")

_BAR_AFTER = 1.0  # seconds of work before a bar appears on a terminal
_LINE_EVERY = 10.0  # seconds between two lines where stderr is not a terminal


def say(command: str, message: str) -> None:
    """Print one line about the work on stderr; stdout is for what the command makes.

    Parameters
    ----------
    command : str
        The name put before the message, such as ``abcgen.render``.
    message : str
        Line breaks in it become spaces.
    """
    line = f"{command}: {' '.join(message.split())}"
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        tqdm.write(line, file=sys.stderr)  # above a bar, if one is shown
    else:
        print(line, file=sys.stderr)


class Progress:
    """Show on stderr how much of some work is done; use it in a ``with`` block.

    On a terminal a bar appears after a second and is removed at the end. Elsewhere a line is
    printed every ten seconds. So short work shows nothing, and loads nothing for it.

    Parameters
    ----------
    command : str
        As for `say`.
    unit : str
        What is counted, in the plural: ``tunes``, ``bytes``.
    total : int, optional
        How many there are, if known.
    what : str
        Which work it is, where a command has several.
    """

    def __init__(self, command: str, unit: str, total: int | None = None, what: str = "") -> None:
        self.done = 0
        self._command, self._unit, self._total, self._what = command, unit, total, what
        self._bar: Any = None
        self._due = monotonic() + (_BAR_AFTER if sys.stderr.isatty() else _LINE_EVERY)

    def add(self, count: int = 1) -> None:
        """Count `count` more as done."""
        self.reach(self.done + count)

    def reach(self, done: int) -> None:
        """Count `done` in all as done."""
        if self._bar is not None:
            self._bar.update(done - self.done)
        self.done = done
        if self._bar is None and monotonic() >= self._due:
            self._show()

    def _show(self) -> None:
        """Start the bar, or print a line."""
        if sys.stderr.isatty():
            from tqdm import tqdm  # takes a while to load

            self._bar = tqdm(
                desc=self._what or None,
                initial=self.done,
                total=self._total,
                unit=f" {self._unit}",
                unit_scale=self._unit == "bytes",
                leave=False,
                file=sys.stderr,
            )
            return
        self._due = monotonic() + _LINE_EVERY
        what = f"{self._what}: " if self._what else ""
        if self._total is None:
            say(self._command, f"{what}{self.done:,} {self._unit} so far")
        else:
            say(self._command, f"{what}{self.done:,} of {self._total:,} {self._unit}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def track(
    items: Iterable[Item], command: str, unit: str, total: int | None = None, what: str = ""
) -> Iterator[Item]:
    """Yield items and show the progress; each counts as done when the next is asked for.

    Parameters
    ----------
    items : iterable
        Their number is found out where they have a length.
    command, unit, total, what
        As for `Progress`.
    """
    if total is None and isinstance(items, Sized):
        total = len(items)
    with Progress(command, unit, total, what) as progress:
        for item in items:
            yield item
            progress.add()


def table(rows: Sequence[Sequence[str]], align: str = "<>") -> str:
    """Return rows of cells as lines of text with columns two spaces apart.

    Parameters
    ----------
    rows : sequence of sequence of str
        As many cells in each.
    align : str
        For each column ``<`` (left) or ``>`` (right); the last holds for all further columns.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    signs = align.ljust(len(widths), align[-1])
    return "\n".join(
        "  ".join(
            f"{cell:{sign}{width}}" for cell, sign, width in zip(row, signs, widths, strict=False)
        ).rstrip()
        for row in rows
    )
