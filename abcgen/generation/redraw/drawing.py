"""What is asked for when bars are drawn again."""

import math
from dataclasses import dataclass, field

from abcgen.errors import UsageError
from abcgen.generation.sampler import Sampler
from abcgen.support import values

#: Streams for one bar, and for more.
STREAMS_FOR_ONE, STREAMS = 64, 128
#: Bars behind the last free one that say how well it fits in; more hardly change that.
BEHIND = 8
#: What the tables of `abcgen.generation.mask.Mask` have room for.
_MOST_STREAMS = 1024
_MOST_BEHIND = 4096
_MOST_DENSITY = 10.0
#: To simplify and to ornament: the density, and the strictness that keeps the notes on beats.
SIMPLER, RICHER, ON_BEATS = -1.5, 1.5, 3.0


@dataclass(frozen=True)
class Drawing:
    """How bars are drawn. With the tune and the checkpoint it determines all alternatives.

    Attributes
    ----------
    bars : frozenset of int
        Their numbers.
    seed : int
        Seeds the random noise.
    sampler : Sampler
        Temperature, top-k and top-p.
    streams : int
        K; 0 for `STREAMS_FOR_ONE` or `STREAMS`.
    behind : int
        So many bars behind the last free one count; with 0 nothing is weighed.
    sift : int
        Behind each of these bars but the last, only the half of the candidates goes on that fits
        in better so far, but at least so many; with 0 all go on.
    strictness : float, optional
        For a variation: what each note that changes on a beat costs, in nats.
    phrase : frozenset of int
        For an answer: the bars that it answers.
    density : float
        To simplify or ornament: added to the logits of what begins a note, so that there are fewer
        notes if it is negative, and more if it is positive.

    Raises
    ------
    UsageError
        If a number is out of range.
    """

    bars: frozenset[int]
    seed: int
    sampler: Sampler = field(default_factory=Sampler)
    streams: int = 0
    behind: int = BEHIND
    strictness: float | None = None
    phrase: frozenset[int] = frozenset()
    density: float = 0.0
    sift: int = 0

    def __post_init__(self) -> None:
        for name, most in (
            ("streams", _MOST_STREAMS),
            ("behind", _MOST_BEHIND),
            ("sift", _MOST_STREAMS),
        ):
            object.__setattr__(self, name, values.whole(name, getattr(self, name), 0, most))
        if self.strictness is not None:
            strictness = values.number("strictness", self.strictness)
            if not 0 <= strictness < math.inf:
                raise UsageError(f"strictness must be 0 or more, and finite, not {strictness:g}")
            object.__setattr__(self, "strictness", strictness)
        object.__setattr__(self, "density", values.number("density", self.density))
        if not -_MOST_DENSITY <= self.density <= _MOST_DENSITY:
            raise UsageError(
                f"density must be {-_MOST_DENSITY:g} to {_MOST_DENSITY:g}, not {self.density}"
            )

    @property
    def num_streams(self) -> int:
        """K."""
        return self.streams or (STREAMS_FOR_ONE if len(self.bars) == 1 else STREAMS)
