"""What `abcgen.corpus` does: report on tunebooks, or write their tunes in one spelling."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from abcgen.errors import CorpusError, UsageError
from abcgen.support.console import say, track
from abcgen.support.files import writing
from abcgen.tunebooks.corpus import numbered_book, read_corpus
from abcgen.tunebooks.names import STDIN, find_tunebooks
from abcgen.tunebooks.report import report, summary

COMMAND = "abcgen.corpus"


def run(
    books: Sequence[str],
    out: Path | None,
    *,
    canonical: bool,
    as_json: bool,
    quiet: bool = False,
    melody: str | None = None,
    voice: str | None = None,
) -> int:
    """Read tunebooks and print a report or write their tunes; return the exit code.

    Parameters
    ----------
    books : sequence of str
        As `abcgen.tunebooks.corpus.read_corpus` takes them.
    out : Path, optional
        The file for the tunes, numbered from X:1.
    canonical : bool
        Whether to take only tunes that have a canonical spelling.
    as_json : bool
        Whether to print the report as JSON, even if the tunes are written.
    quiet : bool
        Whether to leave out, where the tunes are written, what was ignored or guessed in them.
    melody : str, optional
        Of MIDI files, the track of the melody.
    voice : str, optional
        Of tunes with several voices, the one to read.

    Raises
    ------
    CorpusError
        If the books cannot be read, or none of their tunes.
    UsageError
        If `out` is one of the books.
    """
    if out:
        _refuse_overwriting(out, books)
    tracked = partial(track, command=COMMAND, unit="tunes", what="reading")
    corpus = read_corpus(books, valid=canonical, track=tracked, melody=melody, voice=voice)
    if not corpus.tunes and not as_json:
        raise CorpusError(
            f"none of {len(corpus.rejected)} tunes can be read; "
            f"the first: {corpus.rejected[0].reason}"
        )
    if out:
        with writing(out) as file:
            file.write(numbered_book([tune.text for tune in corpus.tunes]))
        left_out = len(corpus.rejected) + len(corpus.repeated)
        say(COMMAND, f"tunes written to {out}: {len(corpus.tunes)}; left out: {left_out}")
        doubts = Counter(tune.kind for tune in corpus.warned)
        for kind, count in () if quiet else doubts.most_common():
            say(COMMAND, f"{count} times: {kind}")
    if as_json:
        print(json.dumps(summary(corpus), indent=1))
    elif not out:
        print(report(corpus))
    return 0


def _refuse_overwriting(out: Path, books: Sequence[str]) -> None:
    """Raise if a file is one of those that are read."""
    named = [book for book in books if book != STDIN] if out.exists() else []
    files = (file for book in named for file in find_tunebooks(book))
    if any(file.exists() and file.samefile(out) for file in files):
        raise UsageError(f"--out {out} would overwrite what is read; choose another file")
