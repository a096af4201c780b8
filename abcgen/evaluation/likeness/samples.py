"""The samples that a network is judged by."""

from dataclasses import dataclass

from abcgen.generation.loop import REFERENCE, draw_tunes
from abcgen.generation.request import Prime, begin
from abcgen.generation.sampler import Choice
from abcgen.grammar.acceptor import ANYTHING
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


def draw_samples(checkpoint: Checkpoint, count: int, seed: int, temperature: float) -> Samples:
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
        0 or more; see `abcgen.generation.sampler.Choice`.
    """
    vocabulary = checkpoint.vocabulary
    prime, place = begin(vocabulary, ANYTHING, Prime())
    kinds = []
    for first, start in ((prime, place), (REFERENCE, None)):
        engine = LiteRTEngine(checkpoint, min(count, _MOST_STREAMS))
        choice = Choice(temperature)
        numbers = range(1, count + 1)
        drawn = draw_tunes(engine, vocabulary, choice, seed, first, start, numbers)
        # The blank line that ends a tune belongs to the tunebook.
        kinds.append([text.rstrip("\n") + "\n" for text, *_ in drawn])
    return Samples(*kinds)
