"""Tunebooks to tunes in one spelling, near-duplicates set aside, split by the tunes' own content.

Used as `python -m abcgen.corpus NAME-OR-PATH...`, which reports what is in tunebooks.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.errors import CorpusError, UsageError
from abcgen.support.files import writing
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser
from abcgen.tunebooks.corpus import numbered_book, read_corpus
from abcgen.tunebooks.names import NAME_OR_PATH, find_tunebooks
from abcgen.tunebooks.report import report, summary


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.corpus`."""
    parser = CommandParser(
        prog="abcgen.corpus",
        description="Read tunebooks: report on them, or write their tunes in one spelling.",
    )
    parser.add_argument("books", nargs="+", metavar="NAME-OR-PATH", help=NAME_OR_PATH)
    parser.add_argument(
        "--canonical",
        action="store_true",
        help="only tunes that every player takes, as networks learn them",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tunes into FILE")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.corpus`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        out = arguments.out
        if out and out.exists():
            for book in arguments.books:
                if any(file.exists() and file.samefile(out) for file in find_tunebooks(book)):
                    raise UsageError(f"--out {out} would overwrite what is read; choose another")
        corpus = read_corpus(arguments.books, valid=arguments.canonical)
        if not corpus.tunes and not arguments.json:
            raise CorpusError(
                f"none of {len(corpus.rejected)} tunes can be read; "
                f"the first: {corpus.rejected[0].reason}"
            )
        if arguments.out:
            with writing(arguments.out) as file:
                file.write(numbered_book([tune.text for tune in corpus.tunes]))
            left_out = len(corpus.rejected) + len(corpus.repeated)
            print(
                f"abcgen.corpus: {len(corpus.tunes)} tunes written to {arguments.out}, "
                f"{left_out} left out",
                file=sys.stderr,
            )
        if arguments.json:
            print(json.dumps(summary(corpus), indent=1))
        elif not arguments.out:
            print(report(corpus))
        return 0

    return guarded("abcgen.corpus", body)


if __name__ == "__main__":
    sys.exit(main())
