"""A request built from what a user gives, checked against the checkpoint."""

import os

from abcgen.errors import UsageError
from abcgen.generation.prime import check_prime, enter, read_prime
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.checkpoint import Checkpoint
from abcgen.support import defaults

#: Random seeds are below this: short enough to be typed again.
_SEED_LIMIT = 2**31


def build_request(
    checkpoint: Checkpoint,
    *,
    wishes: Wishes = ANYTHING,
    sampler: Sampler,
    seed: int | None = None,
    prime: str = "",
    raw: bool = False,
    novel: int | None = None,
    engine: str = "litert",
) -> Request:
    """Return a request, or raise what is impossible about it.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    wishes : Wishes
        From `abcgen.generation.wishes.read_wishes`.
    sampler : Sampler
        Temperature, top-k and top-p.
    seed : int, optional
        A random one unless given.
    prime : str
        As the user gives it.
    raw : bool
        Whether any character may be drawn; then nothing may be wished for.
    novel : int, optional
        The longest run of notes that a tune may share with the corpus; `defaults.NOVEL` for the
        checkpoint's own threshold.
    engine : {"litert", "keras"}
        What runs the network.

    Raises
    ------
    UsageError, VocabularyError, CheckpointError
        If no tune can be like that, or the network cannot draw it.
    """
    if raw and wishes != ANYTHING:
        raise UsageError(
            "raw text follows no rules: it cannot be combined with key, meter, rhythm, title, form "
            "or chords"
        )
    given = read_prime(prime)
    if raw:
        check_prime(checkpoint.vocabulary, given)
        text = given.text
    else:
        text, _ = enter(checkpoint.vocabulary, wishes, given)
    return Request(
        seed=random_seed() if seed is None else seed,
        sampler=sampler,
        wishes=wishes,
        prime=text,
        raw=raw,
        max_shared=None if novel is None else _max_shared(novel, checkpoint),
        engine=engine,
        checkpoint=checkpoint.label,
    )


def random_seed() -> int:
    """Return a seed for those who did not give one."""
    return int.from_bytes(os.urandom(8)) % _SEED_LIMIT  # `random` would take a while to load


def _max_shared(novel: int, checkpoint: Checkpoint) -> int:
    """Return the longest run that a tune may share with the corpus, in notes."""
    from abcgen.melodies.index import SHORTEST_RUN, NoveltyIndex  # it takes a while to load

    if novel == defaults.NOVEL:
        return NoveltyIndex.load(checkpoint.novelty_file).threshold()
    if novel < SHORTEST_RUN - 1:
        raise UsageError(
            f"novel must be at least {SHORTEST_RUN - 1}, not {novel}: shorter runs of notes are "
            "shared by any two tunes"
        )
    return novel
