"""What `abcgen.improvise` does: write melodies over chords, or make those of a file again."""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

from abcgen.errors import UsageError
from abcgen.generation.build_request import random_seed
from abcgen.generation.improvise.agreement import Agreement, agreement_of
from abcgen.generation.improvise.improvisation import Improvisation, improvisation, improvised
from abcgen.generation.improvise.remark import (
    RemarkedMelody,
    improvise_remark,
    read_improvise_remark,
)
from abcgen.generation.improvise.solo.drawing import solos
from abcgen.generation.improvise.source import read_chords
from abcgen.generation.made_again import checkpoint_of, left_out, remade, remarked
from abcgen.generation.remark import with_remark
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import check_style
from abcgen.generation.written import write_tunes
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.notation.chart import Chart
from abcgen.notation.tunebook import label_of, numbered
from abcgen.support import defaults
from abcgen.support.console import say

COMMAND = "abcgen.improvise"
_say = partial(say, COMMAND)


def run(arguments: argparse.Namespace) -> int:
    """Do what the options of `abcgen.improvise` ask for; return the exit code."""
    if arguments.like:
        if arguments.chords is not None:
            raise UsageError("--like finds the chords in the tunes of its file: leave out others")
        return _run_like(arguments)
    if arguments.chords is None:
        raise UsageError('expected chords such as "G | C D7 | G", or @FILE')
    chart = read_chords(arguments.chords, arguments.tune, arguments.track)
    checkpoint = read_checkpoint(arguments.checkpoint or defaults.CHECKPOINT)
    asked = improvisation(
        chart,
        seed=random_seed() if arguments.seed is None else arguments.seed,
        choruses=arguments.choruses,
        key=arguments.key,
        meter=arguments.meter,
        rhythm=arguments.rhythm,
        title=arguments.title,
        style=arguments.style,
        sampler=Sampler(arguments.temperature),
        close=arguments.close,
        pickup=arguments.pickup,
    )
    tunes = melodies(checkpoint, asked, range(1, arguments.tunes + 1))
    first = next(tunes)  # what can go wrong goes wrong before anything is written
    tell_respelled(chart)
    if not chart.key and not arguments.key:
        _say(f"key {asked.wishes.key}, from the chords")
    if arguments.seed is None:
        _say(f"seed {asked.seed}")
    agreement = Agreement()

    def counted() -> Iterator[str]:
        nonlocal agreement
        for tune in chain([first], tunes):
            if arguments.stats:
                agreement = agreement.plus(agreement_of(tune))
            yield tune

    write_tunes(counted(), arguments.out)
    if arguments.stats:
        _say(
            f"of {agreement.notes} notes that begin on beats, {agreement.belong} "
            f"({agreement.share:.1%}) belong to their chord"
        )
    return 0


def melodies(checkpoint: Checkpoint, asked: Improvisation, numbers: Sequence[int]) -> Iterator[str]:
    """Yield tunes over chords under their numbers, each with its remark.

    Raises
    ------
    UsageError
        If the network does not know the style.
    """
    check_style(asked.wishes.style, checkpoint)
    draw = solos if checkpoint.recipe.solos else improvised
    drawn = draw(partial(LiteRTEngine.of, checkpoint), asked, numbers)
    for number, text in zip(numbers, drawn, strict=True):
        made = RemarkedMelody(checkpoint.label, asked, number)
        yield numbered(with_remark(text, improvise_remark(made)), number)


def melody_again(checkpoint: Checkpoint, text: str, made: RemarkedMelody) -> str:
    """Return a tune made again from its remark, under the number that it has.

    Raises
    ------
    CheckpointError
        If another checkpoint made it.
    """
    number = label_of(text).number
    maker = checkpoint.that_made(made.checkpoint, f"X:{number}")
    return numbered(next(melodies(maker, made.asked, [made.tune])), int(number))


def tell_respelled(chart: Chart) -> None:
    """Say what was left out of a chart, and which chords could not be written as given."""
    if chart.words:
        others = f" and {len(chart.words) - 1} more" if len(chart.words) > 1 else ""
        _say(f"read as words, not as chords: {chart.words[0]!r}{others}")
    for given, written in chart.respelled:
        _say(
            f"{given} is written as {written}, the nearest that ABC players know"
            if written
            else f"{given}: the chord before goes on, since ABC players know no silence of chords"
        )


def _run_like(arguments: argparse.Namespace) -> int:
    """Make the tunes of a file again."""
    source = str(arguments.like)
    made, others = remarked(
        source,
        read_improvise_remark,
        f"that it was improvised over chords: expected a line that begins N:{COMMAND}; "
        "abcgen.sample --like makes other tunes again",
    )
    if others:
        _say(left_out(others, source))
    labels = ((label_of(text).number, found.checkpoint) for text, found in made)
    checkpoint = checkpoint_of(labels, arguments.checkpoint, source)

    tunes = remade(made, partial(melody_again, checkpoint), source, _say)
    write_tunes(tunes, arguments.out)
    return 0
