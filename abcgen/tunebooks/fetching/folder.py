"""The folder of a corpus: what is in it, and how a new set of files takes its place."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from abcgen.support.files import sha256_of, temporary_beside
from abcgen.tunebooks.fetching.mirrors import Tunebook

RECORD = "SOURCE.json"  # what came from where; written last, so it means that the rest is there


@dataclass(frozen=True)
class FolderState:
    """What is in the folder of a corpus.

    Attributes
    ----------
    recorded : dict of str to str
        Name -> SHA-256 of each file that was fetched.
    sums : dict of str to str
        Name -> SHA-256 of each file of the corpus that is there.
    local : dict of str to bytes
        SHA-256 -> content of the published files that are there.
    edited : list of str
        Names of files whose content is neither what was fetched nor what is published.
    """

    recorded: dict[str, str]
    sums: dict[str, str]
    local: dict[str, bytes]
    edited: list[str]

    @property
    def complete(self) -> bool:
        """Whether all that was fetched is there, unchanged."""
        return bool(self.recorded) and all(
            self.sums.get(name) == sha256 for name, sha256 in self.recorded.items()
        )

    def outdated(self, books: Iterable[Tunebook]) -> list[str]:
        """Return the names of fetched, unedited files that a new set of files lacks."""
        new = {book.name.casefold() for book in books}
        return [
            name
            for name, sha256 in self.recorded.items()
            if self.sums.get(name) == sha256 and name.casefold() not in new
        ]


def inspect(folder: Path, source: Mapping[str, Any]) -> FolderState:
    """Return what is in a folder, without using the network."""
    recorded = _recorded(folder)
    published: dict[str, set[str]] = {}
    for mirror in source["mirrors"]:
        for file in mirror.get("files", ()):
            published.setdefault(file["name"], set()).update({file.get("sha256")} - {None})
    names = sorted(recorded.keys() | published.keys())
    sums = {name: sha256_of(folder / name) for name in names if (folder / name).is_file()}
    local, edited = {}, []
    for name, sha256 in sums.items():
        if sha256 in published.get(name, ()):
            local[sha256] = (folder / name).read_bytes()
        elif sha256 != recorded.get(name):
            edited.append(name)
    return FolderState(recorded, sums, local, edited)


def _recorded(folder: Path) -> dict[str, str]:
    """Return name -> SHA-256 from SOURCE.json; nothing if it is missing or damaged."""
    try:
        files = json.loads((folder / RECORD).read_text(encoding="utf-8"))["files"]
        recorded = {str(file["name"]): str(file["sha256"]) for file in files}
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
        return {}
    # Recorded files that a newer fetch lacks are removed: none may be outside the folder.
    safe = all(Path(name).name == name and name.endswith(".abc") for name in recorded)
    return recorded if safe else {}


def all_local(mirror: Mapping[str, Any], local: Mapping[str, bytes]) -> bool:
    """Return whether a mirror has nothing that is not in `FolderState.local`."""
    return "files" in mirror and all(file.get("sha256") in local for file in mirror["files"])


def source_record(name: str, about: Mapping[str, Any], books: Iterable[Tunebook]) -> bytes:
    """Return the text of SOURCE.json."""
    record = {
        "name": name,
        "title": about["title"],
        "licence": about["licence"],
        "date": datetime.now(UTC).date().isoformat(),
        "files": [
            {"name": b.name, "url": b.url, "bytes": len(b.content), "sha256": b.sha256}
            for b in books
        ],
    }
    return (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode()


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside `folder`; remove it afterwards, and parents left empty."""
    made = [parent for parent in folder.parents if not parent.exists()]
    with ExitStack() as afterwards:
        for parent in reversed(made):
            afterwards.callback(_remove_if_empty, parent)
        folder.parent.mkdir(parents=True, exist_ok=True)
        outer = afterwards.enter_context(
            tempfile.TemporaryDirectory(prefix=".", suffix=f".{folder.name}", dir=folder.parent)
        )
        # A temporary folder is readable by its owner alone; so the one that is moved is inside it.
        staged = Path(outer) / folder.name
        staged.mkdir()
        yield staged


def _remove_if_empty(folder: Path) -> None:
    """Remove a folder if it exists and is empty."""
    with suppress(OSError):
        folder.rmdir()


def replace_files(
    folder: Path, staged: Path, state: FolderState, books: Sequence[Tunebook], record: bytes
) -> None:
    """Put new files and their record into a folder; all are written before any is moved.

    Parameters
    ----------
    folder : Path
        Their folder; need not exist.
    staged : Path
        An empty folder on the same disk, from `staging`.
    state : FolderState
        What is in `folder`: correct files stay, fetched files that the new set lacks are removed.
    books : sequence of Tunebook
        The new set.
    record : bytes
        The text of SOURCE.json.
    """
    for book in books:
        if state.sums.get(book.name) != book.sha256:
            _write(staged / book.name, book.content)
    _write(staged / RECORD, record)
    if not folder.exists():
        staged.rename(folder)  # all at once
        return
    for path in sorted(staged.glob("*.abc")):
        path.replace(folder / path.name)
    for name in state.outdated(books):
        (folder / name).unlink(missing_ok=True)
    (staged / RECORD).replace(folder / RECORD)


def _write(path: Path, content: bytes) -> None:
    """Write a file, so that it is complete or absent."""
    with temporary_beside(path) as temporary:
        temporary.write_bytes(content)
