"""What `abcgen.sample` does: tunes that are asked for, or made again, drawn and written."""

import argparse
import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import numpy  # noqa: F401 - first and from here: from within deeper calls it takes longer

from abcgen.errors import CheckpointError, UsageError
from abcgen.generation.book import Part, remake
from abcgen.generation.jobs import Order, carrying_out, engine_of
from abcgen.generation.loop import EVERY_NUMBER, Tally, draw_tunes
from abcgen.generation.remark import Provenance, label_of, read_provenance
from abcgen.generation.request import begin, check_prime, read_prime, read_wishes
from abcgen.generation.sampler import Choice
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.support import defaults
from abcgen.support.files import writing
from abcgen.support.guard import heed_signals

_MANY_TUNES = 100  # from here on progress is shown
#: Seeds drawn where none is given: short enough to be typed again.
_SEED_LIMIT = 2**31


def characters(
    checkpoint: str,
    wishes: Wishes,
    prime: str,
    seed: int | None,
    choice: Choice,
    raw: bool,
    engine: str,
) -> Iterator[str]:
    """Yield the characters of tunes without end; see `abcgen.sample.generate`."""
    loaded = read_checkpoint(checkpoint)
    given = read_prime(prime)
    primed, place = given.text, None
    if not raw:
        primed, place = begin(loaded.vocabulary, wishes, given)
    elif wishes != ANYTHING:
        raise UsageError("raw lets the network draw what it likes; ask for nothing with it")
    tunes = draw_tunes(
        engine_of(engine, loaded, 1),
        loaded.vocabulary,
        choice,
        _any_seed() if seed is None else seed,
        primed,
        place,
    )
    return (character for tune in tunes for character in tune.text)


def _any_seed() -> int:
    return int.from_bytes(os.urandom(8)) % _SEED_LIMIT  # `random` would take a while to load


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for; return the exit code."""
    if arguments.like:
        return _run_like(arguments)
    wishes = read_wishes(
        arguments.key,
        arguments.meter,
        arguments.rhythm,
        arguments.title,
        arguments.form,
        arguments.chords,
        on_change=_say,
    )
    if arguments.raw and wishes != ANYTHING:
        raise UsageError("--raw lets the network draw what it likes; ask for nothing with it")
    if arguments.raw and arguments.stats:
        raise UsageError("--stats tells what --raw turns off; leave out one of them")
    if arguments.raw and arguments.novel is not None:
        raise UsageError("--novel compares valid tunes; leave out --raw")
    if arguments.length and (arguments.jobs > 1 or arguments.from_tune > 1):
        option = "--jobs" if arguments.jobs > 1 else "--from-tune"
        raise UsageError(
            f"how long a tune may be for --length depends on those before it; leave out {option}"
        )
    settings = {name: getattr(arguments, name) for name in ("temperature", "top_k", "top_p")}
    choice = Choice(**{name: value for name, value in settings.items() if value is not None})
    given = read_prime(_prime_text(arguments.prime))
    prime = given.text
    checkpoint = read_checkpoint(arguments.checkpoint or defaults.CHECKPOINT)
    if arguments.raw:
        check_prime(checkpoint.vocabulary, given)  # complains before a seed is told
    else:
        prime, _ = begin(checkpoint.vocabulary, wishes, given)
    numbers = _numbers(arguments)
    by_chance = arguments.seed is None
    seed = _any_seed() if by_chance else arguments.seed
    made = Provenance(
        label_of(checkpoint), seed, choice, wishes, prime, arguments.engine or "litert"
    )
    most_shared = _most_shared(arguments.novel, checkpoint)
    order = Order(checkpoint, made, arguments.raw, most_shared)
    tally = Tally() if arguments.stats else None
    jobs = min(arguments.jobs, len(numbers))
    written = drawn_again = 0
    with carrying_out(order, numbers, arguments.length, jobs=jobs, tally=tally) as parts:
        # What can go wrong with the first tune goes wrong before a seed is told.
        parts = itertools.chain([next(parts)], parts)
        with _target(arguments.out) as file:
            if by_chance:
                _say(f"seed {seed}")
            for part in _progress(parts, arguments.tunes if arguments.out else None):
                heed_signals()
                _write(part.text, file)
                written += 1
                drawn_again += part.attempt > 1
    if arguments.tunes and not arguments.raw and written < arguments.tunes:
        _say(f"{written} of {arguments.tunes} tunes found room in --length {arguments.length}")
    if most_shared is not None:
        _say(
            f"{drawn_again} of {written} tunes drawn again for sharing more than {most_shared} "
            "notes in one run with a tune of the corpus"
        )
    if tally:
        _say(_told(tally))
    return 0


def _numbers(arguments: argparse.Namespace) -> range:
    """Return the numbers of the tunes that are asked for."""
    first: int = arguments.from_tune
    if arguments.tunes:
        return range(first, first + arguments.tunes)
    return EVERY_NUMBER if arguments.length else range(first, first + 1)


def _most_shared(novel: int | None, checkpoint: Checkpoint) -> int | None:
    """Return the longest run that a tune may share with the corpus, in notes."""
    if novel is None:
        return None
    from abcgen.melodies.index import SHORTEST_RUN, NoveltyIndex  # it takes a while to load

    if novel == defaults.NOVEL:
        return NoveltyIndex.load(checkpoint.novelty_file).threshold()
    if novel < SHORTEST_RUN - 1:
        raise UsageError(f"--novel: any two tunes share {novel} notes; {SHORTEST_RUN - 1} or more")
    return novel


def _run_like(arguments: argparse.Namespace) -> int:
    """Make the tunes of a file again."""
    from abcgen.notation.tunebook import split_tunebook
    from abcgen.tunebooks.names import read_tunebook

    book = read_tunebook(arguments.like)
    made = list(read_provenance(book, str(arguments.like)))
    others = sum(1 for _ in split_tunebook(book)) - len(made)
    if others:
        _say(f"left out: {others} of {arguments.like} that do not say how they were made")
    name = arguments.checkpoint or made[0].provenance.checkpoint.split(" ")[0]
    checkpoint = read_checkpoint(name)
    for tune in made:
        if tune.provenance.checkpoint != label_of(checkpoint):
            raise CheckpointError(
                f"X:{tune.number} of {arguments.like} was made by {tune.provenance.checkpoint}; "
                f"{checkpoint.path} is {label_of(checkpoint)}: name the other with --checkpoint"
            )
    engines = {
        name: engine_of(name, checkpoint, 1) for name in {tune.provenance.engine for tune in made}
    }
    with _target(arguments.out) as file:
        for place, tune in enumerate(made):
            part = remake(engines[tune.provenance.engine], checkpoint.vocabulary, tune)
            if part.strip() != tune.text.strip():
                _say(
                    f"X:{tune.number} comes out otherwise than it stands in {arguments.like}: it "
                    "was changed there, or made on another kind of processor or by another version"
                )
            _write("\n" * (place > 0) + part, file)
    return 0


def _target(out: Path | None) -> AbstractContextManager[IO[str]]:
    return writing(out) if out else nullcontext(sys.stdout)


def _write(text: str, file: IO[str]) -> None:
    """Write a tune as soon as it is there."""
    file.write(text)
    file.flush()


def _progress(parts: Iterator[Part], total: int | None) -> Iterator[Part]:
    """Pass tunes on; where there are many and somebody looks, show how far they are."""
    if total is None or total < _MANY_TUNES or not sys.stderr.isatty():
        return parts
    from tqdm import tqdm

    return iter(tqdm(parts, total=total, unit="tune"))


def _say(message: str) -> None:
    print(f"abcgen.sample: {message}", file=sys.stderr)


def _told(tally: Tally) -> str:
    return (
        f"of {tally.characters} characters drawn, {tally.stepped_in} "
        f"({tally.stepped_in / tally.characters:.2%}) would have been invalid; "
        f"{tally.removed / tally.characters:.2%} of the probability was taken away"
    )


def _prime_text(argument: str) -> str:
    if not argument.startswith("@"):
        return argument.replace("\\n", "\n")
    from abcgen.tunebooks.names import read_tunebook

    return read_tunebook(Path(argument[1:]))
