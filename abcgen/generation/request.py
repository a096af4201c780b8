"""A request: everything that decides how tunes are drawn, apart from their numbers."""

from dataclasses import dataclass, field

from abcgen import __version__
from abcgen.generation.sampler import Sampler
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.support import defaults

#: The first line of every tune that a network learns; tunes get their numbers when written.
REFERENCE = "X:1\n"
#: The most characters of a tune; the longest of O'Neill's has 1,704.
MAX_TUNE = 4096


@dataclass(frozen=True)
class Request:
    """What tunes are asked for. With a tune's number it determines the tune.

    Attributes
    ----------
    seed : int
        Seeds the random noise.
    sampler : Sampler
        Temperature, top-k and top-p.
    wishes : Wishes
        Key, metre, rhythm, title, form, chords and style, as far as they are asked for.
    prime : str
        The text that every tune begins with, from ``X:1`` on.
    raw : bool
        Whether the network may draw any character, valid or not.
    max_shared : int, optional
        The longest run of notes that a tune may share with the checkpoint's corpus; a tune with a
        longer one is drawn again. Without it tunes are not compared.
    critic : bool
        Whether the checkpoint's critic, if it has one, refuses tunes; they are drawn again.
    best_of : int
        Each tune is the best of so many, by the checkpoint's critic.
    engine : {"litert", "keras"}
        What runs the network.
    checkpoint : str
        Its label: name, version and the beginning of the engine file's SHA-256.
    version : str
        Of abcgen.
    """

    seed: int
    sampler: Sampler = field(default_factory=Sampler)
    wishes: Wishes = ANYTHING
    prime: str = REFERENCE
    raw: bool = False
    max_shared: int | None = None
    critic: bool = True
    best_of: int = 1
    engine: str = defaults.ENGINE
    checkpoint: str = ""
    version: str = __version__
