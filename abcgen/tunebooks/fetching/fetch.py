"""Named tunebooks fetched: whole, checked, and never over what somebody has changed."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abcgen.errors import DownloadError, near_names
from abcgen.tunebooks.fetching.client import MirrorError, Patience
from abcgen.tunebooks.fetching.folder import (
    all_there,
    inspect,
    replace_files,
    source_record,
    staging,
)
from abcgen.tunebooks.fetching.mirrors import Tunebook, gather
from abcgen.tunebooks.fetching.sources import load_sources
from abcgen.tunebooks.names import BUNDLED, CORPORA

_REASON_MAX = 400  # characters of a mirror's reason that are shown


_LINE_SECONDS = 10.0  # between two lines of progress where there is no terminal


def fetch(
    name: str,
    parent: Path = CORPORA,
    *,
    force: bool = False,
    sources: Mapping[str, Any] | None = None,
    patience: Patience | None = None,
) -> Path:
    """Fetch a named corpus, unless it is there already.

    Parameters
    ----------
    name : str
        One of `load_sources()`.
    parent : Path
        The folder that gets a folder `name`; made if missing.
    force : bool
        Fetch even what is there, and overwrite files that were edited.
    sources : mapping, optional
        Another table than that of `load_sources`.
    patience : Patience, optional
        Time limits in seconds and number of attempts.

    Returns
    -------
    Path
        The folder, with the `.abc` files of one mirror and `SOURCE.json`.

    Raises
    ------
    DownloadError
        If the name is unknown, no mirror has the whole corpus, or a file there was edited.
    OSError
        If the files can't be written. In either case what was there is still there.
    """
    table = load_sources() if sources is None else sources
    return _fetch(name, parent, force, table, patience, lambda _: None).folder


@dataclass(frozen=True)
class _Fetched:
    """What `_fetch` has to tell."""

    folder: Path
    received: int  # bytes from the network
    passed_over: list[str]  # why the mirrors before the one taken were of no use


def _fetch(
    name: str,
    parent: Path,
    force: bool,
    sources: Mapping[str, Any],
    patience: Patience | None,
    tick: Callable[[int], None],
) -> _Fetched:
    """Do what `fetch` says, and tell more about it."""
    if name not in sources:
        raise _unknown(name, sources)
    source = sources[name]
    shown = Path(parent) / name
    folder = shown.resolve()  # a link may lead to another disk, and moving needs the same one
    if folder.exists() and not folder.is_dir():
        raise DownloadError(f"{shown} is no folder: move it away, or choose another with --to")
    standing = inspect(folder, source)
    if not force:
        if standing.whole:
            return _Fetched(shown, 0, [])
        _refuse_foreign(shown, standing.foreign)
    have = {} if force else standing.have
    received = 0

    def count(size: int) -> None:
        nonlocal received
        received += size
        tick(size)

    with staging(folder) as staged:
        books, about, passed_over = _first_whole(source, shown, have, patience or Patience(), count)
        if not force:
            # An archive's or a page's names are known only now.
            unknown = [b.name for b in books if b.name not in standing.sums | standing.recorded]
            _refuse_foreign(shown, [n for n in unknown if (folder / n).exists()])
        replace_files(folder, staged, standing, books, source_record(name, about, books))
    return _Fetched(shown, received, passed_over)


def _refuse_foreign(folder: Path, names: Sequence[str]) -> None:
    """Raise if a file of the user's would be overwritten."""
    if not names:
        return
    more = f" and {len(names) - 1} more files" if names[1:] else ""
    raise DownloadError(
        f"{folder / names[0]}{more}: not as published, so left alone; move it away, or overwrite "
        "it with --force"
    )


def _first_whole(
    source: Mapping[str, Any],
    folder: Path,
    have: Mapping[str, bytes],
    patience: Patience,
    tick: Callable[[int], None],
) -> tuple[list[Tunebook], dict[str, Any], list[str]]:
    """Return the first mirror's files that are whole, what it is, and why others are not."""
    reasons: list[str] = []
    for mirror in sorted(source["mirrors"], key=lambda mirror: not all_there(mirror, have)):
        try:
            books = gather(mirror, have, patience, tick)
        except MirrorError as error:
            # Some of it may be a server's own words; only what prints may reach the terminal.
            words = "".join(c if c.isprintable() else " " for c in str(error))
            reasons.append(words[:_REASON_MAX])
        else:
            return books, {**source, **mirror}, reasons
    raise DownloadError(
        f"{folder.name} can't be had: {'; '.join(reasons)}. Check the connection and try again, "
        f"or put the .abc files into {folder} by hand"
    )


class _Bar:
    """Show on stderr that bytes come: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._received = 0
        self._last = time.monotonic()
        self._bar: Any = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(desc=name, unit="B", unit_scale=True, leave=False, file=sys.stderr)

    def __call__(self, size: int) -> None:
        """Count `size` more bytes."""
        self._received += size
        if self._bar is not None:
            self._bar.update(size)
        elif time.monotonic() - self._last >= _LINE_SECONDS:
            self._last = time.monotonic()
            _say(f"{self._name}: {self._received:,} bytes so far")

    def close(self) -> None:
        """Wipe the bar away."""
        if self._bar is not None:
            self._bar.close()


def _say(text: str) -> None:
    """Print a line of information, which is not the product."""
    print(f"abcgen.download: {text}", file=sys.stderr)


def _unknown(name: str, sources: Mapping[str, Any]) -> DownloadError:
    if name in BUNDLED:
        return DownloadError(
            f"{name} comes with music21 and needs no download; "
            f"name it to abcgen.corpus or abcgen.train as it is"
        )
    return DownloadError(f"no corpus {name!r}; {near_names(name, sources)}")
