"""Fetch a named corpus: complete and verified, and without overwriting what the user has edited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abcgen.errors import DownloadError, near_names
from abcgen.tunebooks.fetching.client import MirrorError, Patience
from abcgen.tunebooks.fetching.folder import (
    FolderState,
    all_local,
    inspect,
    replace_files,
    source_record,
    staging,
)
from abcgen.tunebooks.fetching.mirrors import Tunebook, gather
from abcgen.tunebooks.fetching.sources import load_sources
from abcgen.tunebooks.names import BUNDLED, CORPORA

_REASON_MAX = 400  # characters of a mirror's reason that are shown


@dataclass(frozen=True)
class Fetched:
    """A corpus that is there.

    Attributes
    ----------
    folder : Path
        It has the ``.abc`` files of one mirror and ``SOURCE.json``.
    received : int
        Bytes that came from the network; 0 if everything was there already.
    failed : list of str
        Why the mirrors that were tried before were of no use.
    """

    folder: Path
    received: int
    failed: list[str]


def fetch(
    name: str,
    parent: Path = CORPORA,
    *,
    force: bool = False,
    sources: Mapping[str, Any] | None = None,
    patience: Patience | None = None,
    tick: Callable[[int], None] | None = None,
) -> Fetched:
    """Fetch a named corpus, unless it is there already.

    Parameters
    ----------
    name : str
        One of `load_sources()`.
    parent : Path
        The folder in which the folder `name` is made; made if missing.
    force : bool
        Fetch even what is there, and overwrite edited files.
    sources : mapping, optional
        Another table than that of `load_sources`.
    patience : Patience, optional
        Time limits in seconds and number of attempts.
    tick : callable, optional
        Called with the number of bytes that have just arrived, 0 while waiting.

    Raises
    ------
    DownloadError
        If the name is unknown, no mirror has the complete corpus, or a file there was edited.
    OSError
        If the files cannot be written. In any case what was there stays as it was.
    """
    source = _source_of(name, load_sources() if sources is None else sources)
    shown = Path(parent) / name
    folder = shown.resolve()  # a link may lead to another disk, and moving needs the same one
    _require_folder(folder, shown)
    state = inspect(folder, source)
    if not force:
        if state.complete:
            return Fetched(shown, 0, [])
        _refuse_overwriting(shown, state.edited)
    local, received = ({} if force else state.local), 0

    def count(size: int) -> None:
        nonlocal received
        received += size
        if tick:
            tick(size)

    with staging(folder) as staged:
        books, about, failed = _first_complete(source, shown, local, patience or Patience(), count)
        if not force:  # the names in an archive or on a page are known only now
            _refuse_overwriting(shown, _foreign(folder, [book.name for book in books], state))
        replace_files(folder, staged, state, books, source_record(name, about, books))
    return Fetched(shown, received, failed)


def _source_of(name: str, sources: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the source of a corpus, or raise DownloadError if it is unknown."""
    require_known(name, sources)
    source: Mapping[str, Any] = sources[name]
    return source


def _require_folder(folder: Path, shown: Path) -> None:
    """Raise DownloadError if something that is not a folder is in the way."""
    if folder.parent.exists() and not folder.parent.is_dir():
        raise DownloadError(f"{shown.parent} is not a folder: choose another with --to")
    if folder.exists() and not folder.is_dir():
        raise DownloadError(f"{shown} is not a folder: move it, or choose another with --to")


def require_known(name: str, sources: Mapping[str, Any]) -> None:
    """Raise DownloadError unless there are sources of a corpus."""
    if name in sources:
        return
    if name in BUNDLED:
        raise DownloadError(
            f"{name} is part of music21 and needs no download; use its name with abcgen.corpus or "
            "abcgen.train"
        )
    raise DownloadError(f"no corpus {name!r}; {near_names(name, sources)}")


def _foreign(folder: Path, names: Sequence[str], state: FolderState) -> list[str]:
    """Return the names of files that are there and were not fetched."""
    unknown = [name for name in names if name not in state.sums | state.recorded]
    return [name for name in unknown if (folder / name).exists()]


def _refuse_overwriting(folder: Path, names: Sequence[str]) -> None:
    """Raise if a file of the user's would be overwritten."""
    if not names:
        return
    more = f" and {len(names) - 1} more files" if names[1:] else ""
    raise DownloadError(
        f"{folder / names[0]}{more}: not as published, so left unchanged; move it, or overwrite it "
        "with --force"
    )


def _first_complete(
    source: Mapping[str, Any],
    folder: Path,
    local: Mapping[str, bytes],
    patience: Patience,
    tick: Callable[[int], None],
) -> tuple[list[Tunebook], dict[str, Any], list[str]]:
    """Return the files of the first complete mirror, what it is, and why others are not."""
    reasons: list[str] = []
    for mirror in sorted(source["mirrors"], key=lambda mirror: not all_local(mirror, local)):
        try:
            books = gather(mirror, local, patience, tick)
        except MirrorError as error:
            # A server may have written part of it; only printable text may reach the terminal.
            words = "".join(c if c.isprintable() else " " for c in str(error))
            reasons.append(words[:_REASON_MAX])
        else:
            return books, {**source, **mirror}, reasons
    raise DownloadError(
        f"could not download {folder.name}: {'; '.join(reasons)}. Check the connection and try "
        f"again, or put the .abc files into {folder} yourself"
    )
