"""`abcgen.evaluate --samples`: sample tunes, judge them, compare them with a corpus, report."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from abcgen.errors import CorpusError, UsageError
from abcgen.evaluation.likeness.distance import as_many, compare_counts
from abcgen.evaluation.likeness.findings import (
    Compared,
    Findings,
    Likeness,
    Originality,
    Validity,
    as_json,
    report,
)
from abcgen.evaluation.likeness.inner_bars import inner_bars_right
from abcgen.evaluation.likeness.pictures import picture_file, plot_histogram
from abcgen.evaluation.likeness.samples import draw_samples
from abcgen.evaluation.novelty import figures
from abcgen.evaluation.referees import REFEREES
from abcgen.evaluation.validity import judge, summary
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import check_style
from abcgen.melodies.features import FEATURES, count_features
from abcgen.melodies.index import FEWEST_HELD_OUT, NoveltyIndex
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.support.extras import require
from abcgen.support.options import real_number, whole_number
from abcgen.tunebooks.corpus import read_corpus

_SEED = 1
#: The options of `--samples` -> the modes that use them.
_OPTIONS = {
    "pictures": "--samples N",
    "seed": "--samples N and --telltale",
    "temperature": "--samples N and --telltale",
}

_Say = Callable[[str], None]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `--samples` to the parser of `abcgen.evaluate`."""
    group = parser.add_argument_group("with --samples; seed and temperature with --telltale, too")
    group.add_argument(
        "--seed",
        type=whole_number(0),
        metavar="S",
        help=f"seed of the random generator; {_SEED} unless given",
    )
    group.add_argument(
        "--temperature",
        type=real_number(0),
        metavar="T",
        help="below 1: tamer tunes; above 1: wilder; 0: always the most likely character; "
        f"{Sampler.temperature} unless given",
    )
    group.add_argument(
        "--pictures",
        type=Path,
        metavar="DIR",
        help="save a picture of each histogram in DIR, corpus and samples side by side",
    )


def refuse_options(arguments: argparse.Namespace) -> None:
    """Refuse the options of `--samples` in another mode, which would ignore them.

    Raises
    ------
    UsageError
        If one was given.
    """
    for name, modes in _OPTIONS.items():
        if getattr(arguments, name) is not None:
            raise UsageError(f"--{name} can only be used with {modes} (see --help)")


def run(arguments: argparse.Namespace, say: _Say) -> str:
    """Return the report, as text or JSON, and save the pictures if they are asked for.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``samples``, ``files``, ``checkpoint``, ``jobs``, ``json``, and the options that
        `add_options` adds.
    say : callable
        Prints a line on stderr.
    """
    seed = _SEED if arguments.seed is None else arguments.seed
    temperature = Sampler.temperature if arguments.temperature is None else arguments.temperature
    if arguments.pictures:
        # Now, and not after minutes of sampling and judging.
        require("matplotlib", "train")
    checkpoint = read_checkpoint(arguments.checkpoint)
    style = arguments.style or ""
    check_style(style, checkpoint)
    books = arguments.files or checkpoint.corpus["books"]
    try:
        corpus = _read_tunes(books, checkpoint.vocabulary.edition, say)
    except CorpusError as error:
        if arguments.files:
            raise
        raise CorpusError(f"{error}; name the tunebooks to compare with, as FILE") from None
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    say(f"sampling {arguments.samples} masked tunes and as many raw ones")
    samples = draw_samples(checkpoint, arguments.samples, seed, temperature, style)
    missing = {r.name: reason for r in REFEREES if (reason := r.available()) is not None}
    for name, reason in missing.items():
        say(f"left out: {name}: {reason}")
    say("judging the samples")
    found = Findings(
        samples=arguments.samples,
        temperature=temperature,
        seed=seed,
        checkpoint={
            "path": str(checkpoint.path),
            "version": checkpoint.version,
            "books": checkpoint.corpus["books"],
        },
        missing=missing,
        masked=_validity(samples.masked, arguments.jobs),
        raw=_validity(samples.raw, arguments.jobs),
        originality=_originality(checkpoint, samples.masked, say),
        likeness=_likeness(samples.masked, corpus, books, seed, say),
    )
    if arguments.pictures:
        _plot(found.likeness, arguments.samples, arguments.pictures)
        say(f"saved {len(found.likeness.features)} pictures in {arguments.pictures}")
    return json.dumps(as_json(found), indent=2) if arguments.json else report(found)


def _read_tunes(books: Sequence[str], edition: int, say: _Say) -> list[str]:
    """Return the tunes of a corpus in an edition's spelling, near-duplicates left out."""
    say(f"reading {', '.join(books)}")
    corpus = read_corpus(books, edition=edition)
    if len(corpus.tunes) < 2:
        raise CorpusError(
            f"{', '.join(books)}: 2 or more different tunes with a canonical spelling are needed "
            f"to compare with, and there are {len(corpus.tunes)}; {len(corpus.rejected)} have no "
            f"canonical spelling, {len(corpus.repeated)} are near-duplicates"
        )
    return [tune.text for tune in corpus.tunes]


def _validity(tunes: Sequence[str], jobs: int) -> Validity:
    right = sum(map(inner_bars_right, tunes))
    percent = round(100 * right / len(tunes), 2)
    return Validity(
        summary(tunes, judge(tunes, jobs=jobs)),
        {"tunes": len(tunes), "right": right, "percent": percent},
    )


def _originality(checkpoint: Checkpoint, tunes: Sequence[str], say: _Say) -> Originality | None:
    index = NoveltyIndex.load(checkpoint.novelty_file)
    if len(index.held_out) < FEWEST_HELD_OUT:
        say(
            f"left out: originality: {FEWEST_HELD_OUT} or more tunes that the network did not "
            f"learn from are needed to decide what a copy is, and {checkpoint.path} has "
            f"{len(index.held_out)}"
        )
        return None
    threshold = index.threshold()
    return Originality(
        len(index),
        threshold,
        figures([index.longest_run(tune) for tune in tunes], threshold),
        figures(index.held_out, threshold),
    )


def _likeness(
    tunes: Sequence[str], corpus: Sequence[str], books: Sequence[str], seed: int, say: _Say
) -> Likeness:
    if len(tunes) < len(corpus) // 2:
        say(
            f"so small a sample is far from anything, by chance alone: compare `sampled` with "
            f"`people`, or sample at least {len(corpus) // 2} tunes, half as many as the corpus has"
        )
    sampled, written = count_features(tunes), count_features(corpus)
    compared = [
        Compared(
            feature,
            written[feature.name].sum(axis=0),
            sampled[feature.name].sum(axis=0),
            compare_counts(sampled[feature.name], written[feature.name], seed),
        )
        for feature in FEATURES
    ]
    return Likeness(list(books), len(corpus), as_many(len(tunes), len(corpus)), compared)


def _plot(likeness: Likeness, samples: int, folder: Path) -> None:
    for one in likeness.features:
        title = one.feature.name.capitalize()
        if one.distances.to_people is not None:
            title += (
                f": {one.distances.to_people:.2f} times as far from the corpus as tunes by people"
            )
        histograms = [
            (f"corpus, {likeness.tunes} tunes", one.corpus),
            (f"sampled, {samples} tunes", one.sampled),
        ]
        plot_histogram(one.feature, histograms, title, picture_file(one.feature, folder))
