"""Turn a tunebook into files of its tunes, MIDI or others: the `abcgen.render` command."""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from abcgen.errors import NotationError, UsageError
from abcgen.formats.endings import FORMATS, Format, formats_named
from abcgen.formats.folder import NUMBER_LENGTH, Rendered, render, worthwhile_jobs
from abcgen.formats.one_file import check_one_file, render_one_file
from abcgen.formats.options import add_options, chosen
from abcgen.notation.keys import spell_key
from abcgen.notation.warned import Warned, grouped
from abcgen.support.console import say, track
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, add_quiet, add_voice, whole_number
from abcgen.tunebooks.names import STDIN, read_tunes

_COMMAND = "abcgen.render"
_DEFAULT = "midi"
_SEVERAL = Path("tunes")  # the folder for files of several formats
_MOST_SEMITONES = 24


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.render`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Write a MIDI file for each tune of a tunebook, or scores, sound or other "
        "formats. The paths of the files are printed on stdout, one a line; tunes that cannot be "
        "read are listed on stderr.",
    )
    parser.add_argument(
        "book",
        metavar="FILE",
        help=f"a tunebook in ABC, or a MIDI or MusicXML file; {STDIN} reads stdin",
    )
    parser.add_argument(
        "--to",
        metavar="FORMATS",
        default=_DEFAULT,
        help=f"what to write, with commas between: {', '.join(FORMATS)} (default: %(default)s)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the folder for the files (default: one named by the format, such as "
        f"{_DEFAULT}, or {_SEVERAL} for several formats); files with the same names are replaced",
    )
    parser.add_argument(
        "--one-file",
        action="store_true",
        help="write the whole book into one file, named by the book; for pdf and abc",
    )
    parser.add_argument(
        "--transpose",
        type=_key_or_semitones,
        metavar="KEY-OR-SEMITONES",
        help="move each tune into a key of its mode (D, Edor), or by semitones (+2, -3); ornaments "
        "and words are then left out",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1),
        metavar="J",
        help="processes that share the work (default: so many that each has enough to do, at "
        "most one for each processor)",
    )
    add_voice(parser)
    add_options(parser)
    add_quiet(parser)
    return parser


def _key_or_semitones(text: str) -> str | int:
    """Return a key as it is spelled, or a number of semitones."""
    if re.fullmatch(r"[+-]?[0-9]{1,3}", text) and abs(int(text)) <= _MOST_SEMITONES:
        return int(text)
    try:
        if text.strip():
            return spell_key(text)
    except NotationError:
        pass
    raise argparse.ArgumentTypeError(
        f"expected a key such as D or Edor, or semitones from -{_MOST_SEMITONES} to "
        f"+{_MOST_SEMITONES}, not {text!r}"
    )


def _run(options: argparse.Namespace) -> int:
    # All that can be known to be wrong is told before anything is read.
    formats = formats_named(options.to)
    if options.one_file:
        check_one_file(formats)
    for form in formats:
        form.require()
    how = chosen(options)
    tunes = read_tunes(options.book, partial(say, _COMMAND), quiet=options.quiet)
    out = options.out or _default_folder(formats)
    which = {"transpose": options.transpose, "voice": options.voice}
    jobs = options.jobs or worthwhile_jobs(formats, len(tunes))
    if options.one_file:
        name = "tunes" if options.book == STDIN else Path(options.book).stem
        path = out / (name + formats[0].ending)
        if path.exists() and options.book != STDIN and path.samefile(options.book):
            raise UsageError(f"{path} is the book itself; choose another folder with --out")
        results = render_one_file(tunes, path, formats[0], jobs=jobs, **which)
        out = path
    else:
        results = render(tunes, out, formats, jobs=jobs, **which, **how)
    return _report(results, len(tunes), out, options)


def _default_folder(formats: Sequence[Format]) -> Path:
    if len(formats) > 1:
        return _SEVERAL
    return Path(next(name for name, form in FORMATS.items() if form == formats[0]))


def _report(results: Iterator[Rendered], total: int, out: Path, options: argparse.Namespace) -> int:
    """Print the paths, and the reasons of what was not written; return the exit code."""
    failed = left_out = 0
    last: Path | None = None
    warnings: list[tuple[str, Warned]] = []
    for result in _with_progress(results, total):
        warnings += [(f"tune {result.place}", warned) for warned in result.warnings]
        if result.reason:
            failed += 1
            left_out += not result.paths
            what = "is not complete" if result.paths else "is left out"
            where = f"tune {result.place} (X:{result.number[:NUMBER_LENGTH]}, {result.title!r})"
            say(_COMMAND, f"{where} {what}: {result.reason}")
        for path in result.paths:
            if path != last:  # all tunes of one file have it
                print(path)
                last = path
    for line in () if options.quiet else grouped(warnings):
        say(_COMMAND, f"{options.book}: {line}")
    say(_COMMAND, f"{total - left_out} of {total} tunes written to {out}")
    return 1 if failed else 0


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
