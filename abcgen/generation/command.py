"""What `abcgen.sample` does: draw the tunes asked for, or make those of a file again."""

import argparse
import itertools
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy  # noqa: F401 - first and from here: from within deeper calls it takes longer

from abcgen.errors import UsageError
from abcgen.generation.best import critic_of
from abcgen.generation.book import BookTune, remake
from abcgen.generation.build_request import build_request
from abcgen.generation.jobs import drawing, engine_of, worthwhile_jobs
from abcgen.generation.loop import ALL_NUMBERS
from abcgen.generation.remark import REMARK, read_remark
from abcgen.generation.sampler import Sampler
from abcgen.generation.stats import Stats
from abcgen.generation.wishes import read_wishes
from abcgen.model.checkpoint import read_checkpoint
from abcgen.support import defaults
from abcgen.support.console import say, track
from abcgen.support.files import writing
from abcgen.support.guard import heed_signals

#: The options that ask something of a tune.
_WISHES = ("key", "meter", "rhythm", "title", "form", "chords", "style")
COMMAND = "abcgen.sample"
_say = partial(say, COMMAND)


def run(arguments: argparse.Namespace) -> int:
    """Do what the options of `abcgen.sample` ask for; return the exit code."""
    if arguments.like:
        return _run_like(arguments)
    _check_together(arguments)
    asked = {name: getattr(arguments, name) for name in _WISHES}
    wishes = read_wishes(**asked, on_change=_say)
    settings = {name: getattr(arguments, name) for name in ("temperature", "top_k", "top_p")}
    sampler = Sampler(**{name: value for name, value in settings.items() if value is not None})
    prime = _prime_text(arguments.prime)
    checkpoint = read_checkpoint(arguments.checkpoint or defaults.CHECKPOINT)
    request = build_request(
        checkpoint,
        wishes=wishes,
        sampler=sampler,
        seed=arguments.seed,
        prime=prime,
        raw=arguments.raw,
        novel=False if arguments.novel is None else arguments.novel,
        critic=not arguments.no_critic,
        best_of=arguments.best_of,
        engine=arguments.engine or defaults.ENGINE,
    )
    numbers = _numbers(arguments)
    stats = Stats() if arguments.stats else None
    jobs = min(arguments.jobs or _likely_jobs(arguments), len(numbers))
    written = drawn_again = 0
    with drawing(checkpoint, request, numbers, arguments.length, jobs=jobs, stats=stats) as tunes:
        # What can go wrong with the first tune goes wrong before the seed is printed.
        tunes = itertools.chain([next(tunes)], tunes)
        with writing(arguments.out) if arguments.out else nullcontext(sys.stdout) as file:
            if arguments.seed is None:
                _say(f"seed {request.seed}")
            for tune in _tracked(tunes, arguments):
                heed_signals()
                file.write(tune.text)
                file.flush()  # each tune is seen as soon as it is there
                written += 1
                drawn_again += tune.attempt > 1
    if arguments.tunes and not arguments.raw and written < arguments.tunes:
        _say(f"--length {arguments.length} had room for {written} of {arguments.tunes} tunes")
    if request.max_shared is not None and request.best_of == 1:
        _say(
            f"{drawn_again} of {written} tunes were drawn again because they shared more than "
            f"{request.max_shared} notes in one run with a tune of the corpus"
            + (", or because the critic refused them" if critic_of(checkpoint, request) else "")
        )
    if stats:
        _say(str(stats))
    return 0


def _check_together(arguments: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    if arguments.raw:
        for name in _WISHES:
            if getattr(arguments, name) is not None:
                raise UsageError(
                    f"--raw follows no rules, so nothing can be asked for: leave out --{name}"
                )
        if arguments.stats:
            raise UsageError("--stats reports on the rules that --raw turns off: leave out one")
        if arguments.novel is not None:
            raise UsageError("--novel compares valid tunes: leave out --raw")
        if arguments.best_of > 1:
            raise UsageError("--best-of compares valid tunes: leave out --raw")
        if arguments.no_critic:
            raise UsageError("no critic judges what --raw writes: leave out --no-critic")
    several = arguments.jobs is not None and arguments.jobs > 1
    if arguments.length and (several or arguments.from_tune > 1):
        option = "--jobs" if several else "--from-tune"
        raise UsageError(
            f"with --length a tune's length depends on the tunes before it: leave out {option}"
        )


def _likely_jobs(arguments: argparse.Namespace) -> int:
    """Return how many processes share the work if that is not said."""
    # With --length tunes depend on each other, and Keras takes long to start.
    if not arguments.tunes or arguments.length or arguments.engine == "keras":
        return 1
    return worthwhile_jobs(arguments.tunes * arguments.best_of)


def _numbers(arguments: argparse.Namespace) -> range:
    """Return the numbers of the tunes that are asked for."""
    first: int = arguments.from_tune
    if arguments.tunes:
        return range(first, first + arguments.tunes)
    return ALL_NUMBERS if arguments.length else range(first, first + 1)


def _run_like(arguments: argparse.Namespace) -> int:
    """Make the tunes of a file again."""
    from abcgen.generation.made_again import checkpoint_of, left_out, remade, remarked
    from abcgen.generation.written import write_tunes

    source = str(arguments.like)
    found, others = remarked(
        source,
        read_remark,
        f"how it was made: expected a line that begins {REMARK!r}; abcgen.redraw --like makes "
        "rewritten bars again, and abcgen.improvise --like melodies over chords",
    )
    if others:
        _say(left_out(others, source))
    made = [tune for _, tune in found]
    checkpoint = checkpoint_of(
        ((tune.number, tune.request.checkpoint) for tune in made), arguments.checkpoint, source
    )
    engines = {
        name: engine_of(name, checkpoint, 1) for name in {tune.request.engine for tune in made}
    }
    again = remade(
        ((tune.text, tune) for tune in made),  # its remark is written as abcgen writes it
        lambda _, tune: remake(engines[tune.request.engine], tune),
        source,
        _say,
    )
    write_tunes(again, arguments.out)
    return 0


def _tracked(tunes: Iterator[BookTune], arguments: argparse.Namespace) -> Iterator[BookTune]:
    """Pass tunes on; where they go into a file, show the progress."""
    if not (arguments.out and arguments.tunes):
        return tunes
    return track(tunes, COMMAND, "tunes", arguments.tunes)


def _prime_text(argument: str) -> str:
    if not argument.startswith("@"):
        return argument.replace("\\n", "\n")
    from abcgen.tunebooks.names import read_tunebook

    return read_tunebook(Path(argument[1:]))
