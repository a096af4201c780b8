"""What `abcgen.download` does: list the named corpora, or fetch some of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from abcgen.errors import DownloadError, UsageError
from abcgen.support.console import Progress, say, table
from abcgen.tunebooks.fetching.fetch import fetch, require_known
from abcgen.tunebooks.fetching.folder import all_local, inspect
from abcgen.tunebooks.fetching.sources import load_sources

COMMAND = "abcgen.download"


def run(names: Iterable[str], to: Path, *, listing: bool, force: bool) -> int:
    """Fetch corpora, or print a list of them; return the exit code.

    Parameters
    ----------
    names : iterable of str
        Corpora; for a list, none stands for all.
    to : Path
        The folder in which each corpus has a folder.
    listing : bool
        Whether to print the list instead.
    force : bool
        Fetch even what is there, and overwrite files that were edited.

    Raises
    ------
    DownloadError
        If a name is unknown, or after the others are fetched, if one could not be.
    UsageError
        If no name is given.
    """
    sources = load_sources()
    names = list(dict.fromkeys(names))
    for name in names:
        require_known(name, sources)
    if listing:
        print(_listing(to, {name: sources[name] for name in names or sources}))
        return 0
    if not names:
        raise UsageError("give the NAME of a corpus; --list shows them")
    errors = []
    for name in names:
        try:
            _fetch(name, to, sources, force)
        except DownloadError as error:
            errors.append(str(error))
    if errors:
        raise DownloadError("; ".join(errors))
    return 0


def _fetch(name: str, to: Path, sources: Mapping[str, Any], force: bool) -> None:
    """Fetch one corpus, and report what was done."""
    with Progress(COMMAND, "bytes", what=name) as progress:
        fetched = fetch(name, to, force=force, sources=sources, tick=progress.add)
    for reason in fetched.failed:
        say(COMMAND, f"{name}: this mirror failed: {reason}")
    came = f"{fetched.received:,} bytes fetched" if fetched.received else "already there"
    say(COMMAND, f"{name}: {fetched.folder} ({came})")


def _listing(parent: Path, sources: Mapping[str, Any]) -> str:
    """Return a line for each corpus: name, tunes, whether it is there, title, licence."""
    rows = []
    for name, source in sources.items():
        state = inspect(parent / name, source)
        there = state.complete or any(all_local(m, state.local) for m in source["mirrors"])
        shown = "there" if there else "edited" if state.edited else "not there"
        about = f"{source['title']}; licence: {source['licence']}"
        rows.append([name, f"{source['tunes']} tunes", shown, about])
    return table(rows, "<><<")
