"""The tunes that a network is judged by."""

from dataclasses import dataclass

from abcgen.generation.loop import REFERENCE, draw_tunes
from abcgen.generation.request import Prime, begin
from abcgen.generation.sampler import Choice
from abcgen.grammar.wishes import ANYTHING
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import LiteRTEngine

_MOST_STREAMS = 64  # side by side; more gain little


@dataclass(frozen=True, slots=True)
class Samples:
    """Tunes that a network wrote, each from its ``X:1`` on and with an LF behind its last line.

    Attributes
    ----------
    masked : list of str
        By the rules of ABC: those of ``abcgen.sample --tunes N --seed S``.
    raw : list of str
        Without them, as ``--raw`` gives them.
    """

    masked: list[str]
    raw: list[str]


def draw_samples(checkpoint: Checkpoint, count: int, seed: int, temperature: float) -> Samples:
    """Draw tunes from the int8 network of a checkpoint, `count` of each kind.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    count : int
        1 or more.
    seed : int
        The same seed gives the same tunes.
    temperature : float
        0 or more; see `abcgen.generation.sampler.Choice`.
    """
    vocabulary = checkpoint.vocabulary
    prime, place = begin(vocabulary, ANYTHING, Prime())
    kinds = []
    for text, start in ((prime, place), (REFERENCE, None)):
        engine = LiteRTEngine(checkpoint, min(count, _MOST_STREAMS))
        choice = Choice(temperature)
        numbers = range(1, count + 1)
        drawn = draw_tunes(engine, vocabulary, choice, seed, text, start, numbers)
        # The blank line that ends a tune belongs to the tunebook.
        kinds.append([tune.rstrip("\n") + "\n" for tune, *_ in drawn])
    return Samples(*kinds)
