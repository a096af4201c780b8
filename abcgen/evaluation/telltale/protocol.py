"""Which tunes are compared: always the same people's, and drawn ones in the same number."""

import itertools
import random
from dataclasses import dataclass, replace

from abcgen.errors import CorpusError
from abcgen.generation.matched import draw_matched
from abcgen.generation.request import Request
from abcgen.model.checkpoint import Checkpoint
from abcgen.tunebooks.corpus import read_corpus

#: Tunes of a book that must be held out.
FEWEST_HELD_OUT = 10
_ORDER = 0  # seeds the order of the training split: the same people's tunes each time


@dataclass(frozen=True, slots=True)
class Tunes:
    """Four kinds of tunes, in abcgen's spelling.

    Attributes
    ----------
    training, drawn : list of str
        People's tunes to learn from, and those drawn to match them one by one.
    held_out, others : list of str
        People's tunes to judge by, and drawn ones with another seed: the first matches the first,
        and so on, again and again.
    """

    training: list[str]
    drawn: list[str]
    held_out: list[str]
    others: list[str]


def gather(book: str, checkpoint: Checkpoint, count: int, request: Request, jobs: int = 1) -> Tunes:
    """Read a book, and draw tunes that match its own.

    Parameters
    ----------
    book : str
        A corpus by name, a file or a folder. It is read alone, without near-duplicates.
    checkpoint : Checkpoint
        The network. Tunes with a character that it does not know are left out.
    count : int
        How many of `Tunes.training`, `Tunes.drawn` and `Tunes.others`. `Tunes.held_out` are all of
        the validation and the test split.
    request : Request
        How tunes are drawn to learn from; those to judge by have the next seed.
    jobs : int
        Processes that draw.

    Raises
    ------
    CorpusError
        If the book cannot be read or has too few tunes.
    """
    known = checkpoint.vocabulary.char2idx.keys()
    corpus = read_corpus([book], edition=checkpoint.vocabulary.edition)
    tunes = [tune for tune in corpus.tunes if set(tune.text) <= known]
    training = [tune.text for tune in tunes if tune.split == "train"]
    held_out = [tune.text for tune in tunes if tune.split != "train"]
    if len(training) < count:
        raise CorpusError(
            f"{book} has {len(training)} tunes to learn from, and {count} are asked for: ask for "
            f"fewer by --samples; only areas with the same number can be compared"
        )
    if len(held_out) < FEWEST_HELD_OUT:
        raise CorpusError(
            f"{book} has {len(held_out)} tunes that are held out, and {FEWEST_HELD_OUT} or more "
            f"are needed to judge by: choose a larger book"
        )
    random.Random(_ORDER).shuffle(training)
    del training[count:]
    matches = list(itertools.islice(itertools.cycle(held_out), count))
    return Tunes(
        training,
        draw_matched(checkpoint, training, request, jobs),
        held_out,
        draw_matched(checkpoint, matches, replace(request, seed=request.seed + 1), jobs),
    )
