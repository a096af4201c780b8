"""Turn a tunebook into a folder of MIDI files, one for each tune: the `abcgen.render` command."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from abcgen.errors import CorpusError
from abcgen.formats.folder import _NUMBER_LENGTH, _TUNES_PER_JOB, DEFAULT_OUT, Rendered, render
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.tempo import FASTEST, SLOWEST
from abcgen.notation.tunebook import split_tunebook
from abcgen.support.console import say, track
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number
from abcgen.tunebooks.names import STDIN, read_stdin, read_tunebook

_COMMAND = "abcgen.render"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.render`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Write a MIDI file for each tune of a tunebook. The paths of the files are "
        "printed on stdout, one a line; tunes that cannot be read are listed on stderr.",
    )
    parser.add_argument("book", metavar="FILE", help=f"a tunebook in ABC; {STDIN} reads stdin")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=DEFAULT_OUT,
        help="the folder for the files (default: %(default)s); files with the same names are "
        "replaced",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1),
        metavar="J",
        help=f"processes that share the work (default: one for every {_TUNES_PER_JOB} tunes, at "
        "most one for each processor)",
    )
    parser.add_argument(
        "--qpm",
        type=real_number(SLOWEST, FASTEST),
        metavar="Q",
        help="tempo in quarter notes a minute (default: that of the tune's Q: line, or else one "
        "that suits its rhythm, R:, or metre)",
    )
    parser.add_argument(
        "--instrument",
        metavar="I",
        help="the instrument of the melody: a General MIDI name, or its number from 1 to 128 "
        f"(default: that of the tune's %%%%MIDI program line, or else {DEFAULT_INSTRUMENT})",
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.instrument is not None:
        program_of(options.instrument)  # reports wrong usage before anything is read
    tunes = _read(options.book)
    jobs = options.jobs or max(1, min(len(tunes) // _TUNES_PER_JOB, os.cpu_count() or 1))
    results = render(tunes, options.out, jobs=jobs, qpm=options.qpm, instrument=options.instrument)
    failed = 0
    for result in _with_progress(results, len(tunes)):
        if result.reason:
            failed += 1
            where = f"tune {result.place} (X:{result.number[:_NUMBER_LENGTH]}, {result.title!r})"
            say(_COMMAND, f"{where} is left out: {result.reason}")
        else:
            print(result.path)
    written = len(tunes) - failed
    say(_COMMAND, f"{written} of {len(tunes)} tunes written to {options.out}")
    return 1 if failed else 0


def _read(book: str) -> list[str]:
    """Return the tunes of a file or of stdin."""
    if book == STDIN:
        text = read_stdin()
    elif Path(book).is_dir():
        raise CorpusError(f"{book} is a folder; expected a tunebook in ABC, or - for stdin")
    elif not Path(book).exists():
        raise CorpusError(f"{book} does not exist; expected a tunebook in ABC, or - for stdin")
    else:
        text = read_tunebook(Path(book))
    tunes = list(split_tunebook(text))
    if not tunes:
        raise CorpusError(f"{book} has no tune: no line begins with X:")
    return tunes


def _with_progress(results: Iterator[Rendered], total: int) -> Iterator[Rendered]:
    """Show the progress, unless the paths themselves show it on the same terminal."""
    if sys.stderr.isatty() and sys.stdout.isatty():
        return results
    return track(results, _COMMAND, "tunes", total)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.render`; return its exit code."""
    return guarded(_COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
