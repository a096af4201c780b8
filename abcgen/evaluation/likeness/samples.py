"""The samples that a network is judged by."""

from dataclasses import dataclass

from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import REFERENCE, Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.style import with_style
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import LiteRTEngine

_MOST_STREAMS = 64  # side by side; more are hardly faster


@dataclass(frozen=True, slots=True)
class Samples:
    """Tunes that a network wrote, each from its ``X:1`` on, with an LF after its last line.

    Attributes
    ----------
    masked : list of str
        Under the grammar of ABC: the tunes of ``abcgen.sample --tunes N --seed S``.
    raw : list of str
        Without the grammar: the tunes of ``--raw``.
    """

    masked: list[str]
    raw: list[str]


def draw_samples(
    checkpoint: Checkpoint, count: int, seed: int, temperature: float, style: str = ""
) -> Samples:
    """Sample tunes from the int8 network of a checkpoint, `count` of each kind.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    count : int
        1 or more.
    seed : int
        The same seed gives the same tunes.
    temperature : float
        0 or more; see `abcgen.generation.sampler.Sampler`.
    style : str
        One of the network's styles, for all of them; else it chooses, if it has any.
    """
    prime = with_style(REFERENCE, style)
    kinds = []
    for raw in (False, True):
        engine = LiteRTEngine.of(checkpoint, min(count, _MOST_STREAMS))
        request = Request(seed, Sampler(temperature), prime=prime, raw=raw)
        drawn = draw_tunes(engine, request, range(1, count + 1))
        # The blank line that ends a tune belongs to the tunebook.
        kinds.append([tune.text.rstrip("\n") + "\n" for tune in drawn])
    return Samples(*kinds)
