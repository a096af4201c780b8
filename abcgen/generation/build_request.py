"""A request built from what a user gives, checked against the checkpoint."""

import os

from abcgen.errors import AbcgenError, UsageError, VocabularyError
from abcgen.generation.prime import Prime, check_prime, enter, read_prime
from abcgen.generation.request import REFERENCE, Request
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import check_style
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.vocabulary import Vocabulary
from abcgen.support import defaults, values

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
    novel: bool | int = False,
    critic: bool = True,
    best_of: int = 1,
    engine: str = defaults.ENGINE,
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
    novel : bool or int
        The longest run of notes that a tune may share with the corpus; True for the checkpoint's
        own threshold, False for any.
    critic, best_of, engine
        As in `Request`.

    Raises
    ------
    UsageError, VocabularyError, CheckpointError
        If no tune can be like that, or the network cannot draw it.
    """
    _check(checkpoint, wishes, raw=raw)
    given = read_prime(prime)
    if raw:
        check_prime(checkpoint.vocabulary, given)
        text = given.text
    else:
        text = _entered(checkpoint.vocabulary, wishes, given)
    return Request(
        seed=seed_of(seed),
        sampler=sampler,
        wishes=wishes,
        prime=text,
        raw=raw,
        max_shared=_max_shared(values.flag_or_whole("novel", novel), checkpoint),
        critic=values.flag("critic", critic),
        best_of=check_best_of(best_of, checkpoint, raw=raw, critic=critic),
        engine=engine,
        checkpoint=checkpoint.label,
    )


def check_best_of(
    given: int, checkpoint: Checkpoint, *, raw: bool = False, critic: bool = True
) -> int:
    """Return how many tunes there are to choose from.

    Raises
    ------
    UsageError
        If nothing can choose.
    """
    best_of = values.whole("best-of", given, 1)
    if best_of == 1:
        return best_of
    if raw:
        raise UsageError("raw text follows no rules: the best of several is one of whole tunes")
    if not critic:
        raise UsageError(
            "the critic chooses the best of several tunes, and it is turned off: leave out one"
        )
    if checkpoint.critic_file is None:
        raise UsageError(
            f"{checkpoint.path.name} has no critic that could choose the best of several tunes: "
            f"python -m abcgen.train BOOK --critic {checkpoint.path} trains one"
        )
    return best_of


def _check(checkpoint: Checkpoint, wishes: Wishes, *, raw: bool) -> None:
    """Raise if the network cannot draw what is wished for, or nothing without chords."""
    if raw and wishes != ANYTHING:
        raise UsageError(
            "raw text follows no rules: it cannot be combined with key, meter, rhythm, title, "
            "form, chords or style"
        )
    check_style(wishes.style, checkpoint)
    if checkpoint.recipe.solos:
        raise UsageError(
            f"{checkpoint.path.name} plays solos over chords, and they must be given: use "
            "abcgen.improvise"
        )


def _entered(vocabulary: Vocabulary, wishes: Wishes, given: Prime) -> str:
    """Return what every tune begins with; a prime that is spelled in another way is spelled again.

    Raises
    ------
    UsageError, VocabularyError
        As `enter` of what was given.
    """
    if vocabulary.styles:
        given = _in_style(vocabulary, wishes, given)
    try:
        return enter(vocabulary, wishes, given)[0]
    except (UsageError, VocabularyError):
        # It takes a while to load.
        from abcgen.generation.opening import is_music_alone, spelled_opening

        opening = given.text.removeprefix(REFERENCE)
        try:
            # Its style is left out by the spelling.
            again = Prime(spelled_opening(opening, wishes))
            if vocabulary.styles:
                again = _in_style(vocabulary, wishes, again, given.text)
            return enter(vocabulary, wishes, again)[0]
        except AbcgenError:
            pass
        if is_music_alone(opening) and not wishes.key:
            raise UsageError(
                "a prime of music alone does not say its key and metre: ask for them, such as key "
                "G and metre 6/8, or begin it with the tune's header"
            ) from None
        raise


def _in_style(vocabulary: Vocabulary, wishes: Wishes, given: Prime, like: str = "") -> Prime:
    """Return a prime that names its style, or that of another text, if it has a title or more.

    Raises
    ------
    UsageError
        If it is not known which.
    """
    from abcgen.grammar.style import style_of, with_style  # few networks have styles

    if given.text == REFERENCE or style_of(given.text):
        return given
    style = style_of(like) or wishes.style
    if not style:
        raise UsageError(
            f"a prime needs a style: this network has {', '.join(vocabulary.styles)}; ask for one"
        )
    return Prime(with_style(given.text, style), given.added + 1)


def seed_of(given: int | None) -> int:
    """Return the seed that is given, or a random one.

    Raises
    ------
    UsageError
        If it is no whole number, or negative.
    """
    return random_seed() if given is None else values.whole("seed", given, 0)


def random_seed() -> int:
    """Return a seed for those who did not give one."""
    return int.from_bytes(os.urandom(8)) % _SEED_LIMIT  # `random` would take a while to load


def _max_shared(novel: bool | int, checkpoint: Checkpoint) -> int | None:
    """Return the longest run that a tune may share with the corpus, in notes; None for any."""
    if novel is False:
        return None
    from abcgen.melodies.index import SHORTEST_RUN, NoveltyIndex  # it takes a while to load

    if novel is True:
        return NoveltyIndex.load(checkpoint.novelty_file).threshold()
    if novel < SHORTEST_RUN - 1:
        raise UsageError(
            f"novel must be at least {SHORTEST_RUN - 1}, not {novel}: shorter runs of notes are "
            "shared by any two tunes"
        )
    return novel
