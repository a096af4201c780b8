"""A tunebook to a folder of MIDI files, one a tune: the `abcgen.render` command."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from abcgen.errors import CorpusError, UsageError
from abcgen.formats.folder import _NUMBER_LENGTH, _TUNES_PER_JOB, DEFAULT_OUT, Rendered, render
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.tempo import FASTEST, SLOWEST
from abcgen.notation.tunebook import split_tunebook
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number
from abcgen.tunebooks.names import decode_tunebook, read_tunebook

_COMMAND = "abcgen.render"
_STDIN = "-"
_MANY_TUNES = 100  # from here on progress is shown
_PROGRESS_SECONDS = 10.0


def _progress(results: Iterator[Rendered], total: int) -> Iterator[Rendered]:
    """Pass results on and show on stderr how far they are, where there are many."""
    if total < _MANY_TUNES or (sys.stderr.isatty() and sys.stdout.isatty()):
        yield from results  # the paths themselves, on the same terminal, show it
    elif sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(results, total=total, unit="tune", file=sys.stderr)
    else:
        said = time.monotonic()
        for result in results:
            yield result
            if time.monotonic() - said >= _PROGRESS_SECONDS:
                said = time.monotonic()
                _say(f"{result.place} of {total} tunes")


def _say(message: str) -> None:
    print(f"{_COMMAND}: {' '.join(message.split())}", file=sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.render`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Write one MIDI file for each tune of a tunebook. The files' paths go to "
        "stdout, one a line; tunes that cannot be read are named on stderr.",
    )
    parser.add_argument("book", metavar="FILE", help=f"a tunebook in ABC; {_STDIN} reads stdin")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=DEFAULT_OUT,
        help=f"the folder for the files, {DEFAULT_OUT} unless given; files of a same name there "
        "are replaced",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1),
        metavar="J",
        help=f"processes; unless given, one for every {_TUNES_PER_JOB} tunes, as many as there "
        "are processors at most",
    )
    parser.add_argument(
        "--qpm",
        type=real_number(SLOWEST, FASTEST),
        metavar="Q",
        help="tempo in quarter notes a minute; unless given, the tune's own (Q:), or what suits "
        "its rhythm (R:) or metre",
    )
    parser.add_argument(
        "--instrument",
        metavar="I",
        default=DEFAULT_INSTRUMENT,
        help="what plays the melody: a General MIDI name or its number, 1 to 128; "
        f"{DEFAULT_INSTRUMENT} unless given",
    )
    return parser


def _run(arguments: argparse.Namespace) -> int:
    program_of(arguments.instrument)  # wrong usage is told before anything is read
    if arguments.book == _STDIN:
        if sys.stdin is None:
            raise UsageError("stdin is closed; give a file, or a tunebook on stdin")
        text = decode_tunebook(sys.stdin.buffer.read())
    elif Path(arguments.book).is_dir() or not Path(arguments.book).exists():
        what = "is a folder" if Path(arguments.book).is_dir() else "is not there"
        raise CorpusError(f"{arguments.book} {what}; expected a tunebook in ABC, or - for stdin")
    else:
        text = read_tunebook(Path(arguments.book))
    texts = list(split_tunebook(text))
    if not texts:
        raise CorpusError(f"{arguments.book} holds no tune: no line begins with X:")
    jobs = arguments.jobs or max(1, min(len(texts) // _TUNES_PER_JOB, os.cpu_count() or 1))
    results = render(
        texts, arguments.out, jobs=jobs, qpm=arguments.qpm, instrument=arguments.instrument
    )
    failed = 0
    for result in _progress(results, len(texts)):
        if result.reason:
            failed += 1
            where = f"tune {result.place} (X:{result.number[:_NUMBER_LENGTH]}, {result.title!r})"
            _say(f"{where} is left out: {result.reason}")
        else:
            print(result.path)
    written = len(texts) - failed
    _say(f"{written} of {len(texts)} tunes written to {arguments.out}")
    return 1 if failed else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.render`; return its exit code."""
    return guarded(_COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
