"""Files that are either complete or absent: written under a temporary name, then moved."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from abcgen.errors import AbcgenError


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """Yield a temporary file in the folder of `path`; rename it to `path` if the block succeeds.

    Parameters
    ----------
    path : Path
        The final file. Its folder is made if missing. A link is followed. A pipe or a device
        cannot be replaced, and is yielded itself.

    Yields
    ------
    Path
        An empty file to write into. It is removed if the block raises, so that `path` is
        either the old file or the complete new one.

    Raises
    ------
    IsADirectoryError
        If `path` is a folder.
    NotADirectoryError
        If one of the folders above it is a file.
    AbcgenError
        If no file can have such a name.
    """
    _check_name(path)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder; expected a file", str(path))
    if path.exists() and not path.is_file():
        yield path
        return
    target = path.resolve()
    for folder in target.parents:
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "is a file; expected a folder", str(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    name_length = 40  # of the name that the temporary one keeps, so that it is never too long
    temporary = target.with_name(f".{os.urandom(8).hex()}.{target.name[-name_length:]}")
    # The name is chosen before the file is made: a signal may arrive at any time.
    try:
        temporary.touch(0o600, exist_ok=False)
        yield temporary
        temporary.chmod(mode)
        with temporary.open("r+b") as file:  # Windows syncs only writable files
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _check_name(path: Path) -> None:
    """Refuse a name with characters that no file system takes."""
    try:
        possible = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:  # half of a pair of surrogates
        possible = False
    if not possible:
        raise AbcgenError(
            f"no file can have the name {str(path)!r}: choose one of letters, digits and hyphens"
        )


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


@contextmanager
def writing(path: Path) -> Iterator[IO[str]]:
    """Open `path` for UTF-8 text with LF line ends; it appears only when the block succeeds."""
    with (
        temporary_beside(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        yield file
