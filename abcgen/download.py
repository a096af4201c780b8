"""Fetch the named tunebooks into `corpora/`, each verified and whole or not there at all."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from abcgen.errors import DownloadError, UsageError
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser
from abcgen.tunebooks.fetching.fetch import _Bar, _fetch, _say, _unknown
from abcgen.tunebooks.fetching.folder import (
    all_there,
    inspect,
)
from abcgen.tunebooks.fetching.sources import load_sources
from abcgen.tunebooks.names import CORPORA


def _listing(parent: Path, sources: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each corpus: name, tunes, whether it is there, title, licence."""
    width = max(map(len, sources), default=0)
    for name, source in sources.items():
        standing = inspect(parent / name, source)
        there = standing.whole or any(all_there(m, standing.have) for m in source["mirrors"])
        state = "there" if there else "edited" if standing.foreign else "not there"
        yield (
            f"{name:{width}}  {source['tunes']:5} tunes  {state:9}  {source['title']}; "
            f"licence: {source['licence']}"
        )


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.download`."""
    parser = CommandParser(
        prog="abcgen.download",
        description="Fetch named tunebooks; what is there already is not fetched again.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a corpus that --list names")
    parser.add_argument(
        "--to",
        type=Path,
        default=CORPORA,
        metavar="DIR",
        help="the folder that gets a folder NAME (default: %(default)s)",
    )
    parser.add_argument("--list", action="store_true", help="list the corpora and fetch nothing")
    parser.add_argument(
        "--force", action="store_true", help="fetch anew, and overwrite files that were edited"
    )
    return parser


def _run(arguments: argparse.Namespace) -> int:
    """Do what the arguments say; what one corpus lacks does not keep the next from coming."""
    sources = load_sources()
    unknown = [name for name in arguments.names if name not in sources]
    if unknown:
        raise _unknown(unknown[0], sources)
    if arguments.list:
        chosen = {name: sources[name] for name in arguments.names or sources}
        print(*_listing(arguments.to, chosen), sep="\n")
        return 0
    if not arguments.names:
        raise UsageError("give the NAME of a corpus; --list shows them")
    errors = []
    for name in dict.fromkeys(arguments.names):
        bar = _Bar(name)
        try:
            fetched = _fetch(name, arguments.to, arguments.force, sources, None, bar)
        except DownloadError as error:
            errors.append(str(error))
            continue
        finally:
            bar.close()
        for reason in fetched.passed_over:
            _say(f"{name}: passed over {reason}")
        came = f"{fetched.received:,} bytes fetched" if fetched.received else "already there"
        _say(f"{name}: {fetched.folder} ({came})")
    if errors:
        raise DownloadError("; ".join(errors))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command `abcgen.download`.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process if not given.

    Returns
    -------
    int
        0 if all that was asked for is there, 1 after an error that was named, 2 for wrong usage.
    """
    return guarded("abcgen.download", lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
