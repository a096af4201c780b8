"""Bars, and the sections that they are grouped into, with their repeats and endings."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from abcgen.notation.tokens import SOUNDING, Token
from abcgen.notation.tune import Setting


@dataclass(slots=True)
class Bar:
    """The tokens of one bar as written, and the setting there.

    A repeat goes back to its own key and metre, since the setting is that of the page. `line` is
    the bar line after it as written; where there are several with nothing between, all of them,
    with spaces between.
    """

    setting: Setting
    tokens: list[Token] = field(default_factory=list)
    line: str = field(default="", compare=False)

    def copied(self) -> "Bar":
        """Return a bar that is equal, and can be changed without changing this one."""
        return Bar(self.setting, self.tokens.copy(), self.line)

    def sounds(self) -> bool:
        """Return whether the bar has a note or a rest."""
        return not SOUNDING.isdisjoint([token.kind for token in self.tokens])


@dataclass(slots=True)
class Section:
    """Bars that are played once or, if `repeated`, twice.

    Attributes
    ----------
    bars : list of Bar
        The bars before the endings, or all of them.
    endings : list of list of Bar
        No endings, or the first, the second and so on.
    repeated : bool
        Whether it is played `times` times; with endings, as often as `numbers` says.
    opened : bool
        Whether ``|:`` stands at its head. Then a double bar does not end it.
    times : int
        How often it is played if it is repeated without endings; 3 for ``|::`` to ``::|``.
    numbers : list of tuple of int
        For each ending the times, from 1, at which it is played: (1, 2) for ``[1,2``. A lone
        ending is left out the last time, after which the next section follows.
    open_ended : bool
        Whether nothing ends the last ending; it is then taken to be as long as the first.
    part : str
        The letter of the part (``P:A``) that begins here, if parts are read; or nothing.
    """

    bars: list[Bar] = field(default_factory=list)
    endings: list[list[Bar]] = field(default_factory=list)
    repeated: bool = False
    opened: bool = field(default=False, compare=False)
    times: int = 2
    numbers: list[tuple[int, ...]] = field(default_factory=list)
    open_ended: bool = False
    part: str = ""

    def copied(self) -> "Section":
        """Return a section that is equal, and can be changed without changing this one."""
        return replace(
            self,
            bars=[bar.copied() for bar in self.bars],
            endings=[[bar.copied() for bar in ending] for ending in self.endings],
        )

    @property
    def last_time(self) -> int:
        """How often it is played; a lone ending is left out the last time."""
        if not self.endings:
            return self.times if self.repeated else 1
        lone = len(self.endings) == 1
        return max(time for times in self.ending_times() for time in times) + lone

    def ending_times(self) -> list[tuple[int, ...]]:
        """Return for each ending the times at which it is played; see `numbers`."""
        return self.numbers or [(n,) for n in range(1, len(self.endings) + 1)]

    def written(self) -> Iterator[Bar]:
        """Yield each bar once, in the order in which they are written."""
        yield from self.bars
        for ending in self.endings:
            yield from ending

    def played(self) -> Iterator[Bar]:
        """Yield the bars in the order in which they are played."""
        ending_at = {
            time: ending
            for times, ending in zip(self.ending_times(), self.endings, strict=True)
            for time in times
        }
        for time in range(1, self.last_time + 1):
            yield from self.bars
            yield from ending_at.get(time, ())

    def once(self) -> Iterator[Bar]:
        """Yield the bars as they are played without repeats, with the last ending."""
        yield from self.bars
        if len(self.endings) > 1:
            yield from self.endings[-1]
