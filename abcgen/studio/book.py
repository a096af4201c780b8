"""The book: tunes with all their versions, in one SQLite file.

What `Book.save` returned is in the file, whatever happens to the program afterwards. Several
programs, and several threads of one, may use the same file at once.

Source: SQLite's write-ahead log, https://www.sqlite.org/wal.html.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from abcgen.errors import AbcgenError
from abcgen.studio.schema import MIGRATIONS, is_book, migrate, version_of

_PATIENCE = 15.0  # seconds to wait for another program that writes
_PAUSE = 0.02  # seconds between two tries, where SQLite itself does not wait
_READ_ONLY = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_NO_BOOK = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_PRIMARY = 0xFF  # the part of an SQLite error code that says the kind

_MOST_NUMBER = 2**63 - 1


class BookError(AbcgenError):
    """A book cannot be opened, read or changed."""


class Entry(NamedTuple):
    """A tune of a book as a list shows it: its number, its title, its current ABC, its tags."""

    tune: int
    title: str
    abc: str
    tags: tuple[str, ...]


class Version(NamedTuple):
    """One version of a tune.

    Attributes
    ----------
    version : int
        Its number, unique in the book.
    parent : int or None
        The version that it was made from.
    title, abc : str
        The tune.
    how : str
        What was done: ``composed``, ``redrawn``.
    made : str
        When, in UTC, as ISO 8601.
    """

    version: int
    parent: int | None
    title: str
    abc: str
    how: str
    made: str


class Kept(NamedTuple):
    """A tune of a book with all its versions, the oldest first."""

    tune: int
    current: int
    tags: tuple[str, ...]
    versions: tuple[Version, ...]


class Book:
    """Tunes that are kept in a file.

    Parameters
    ----------
    path : Path
        The file; it and its folder are made if missing.

    Raises
    ------
    BookError
        If the file is no book, is of a newer version of abcgen, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._named_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            try:
                self._open()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def save(
        self, title: str, abc: str, *, how: str, tune: int | None = None, parent: int | None = None
    ) -> tuple[int, int]:
        """Keep a version of a tune, which becomes its current one.

        Parameters
        ----------
        title, abc : str
            The tune.
        how : str
            What was done to make it.
        tune : int, optional
            The tune that it is a version of; a new tune unless given.
        parent : int, optional
            The version that it was made from; the current one unless given.

        Returns
        -------
        tuple of int
            The numbers of the tune and of the version, which are now in the file.

        Raises
        ------
        BookError
            If there is no such tune or parent, or the file cannot be written.
        """
        with self._writing() as run:
            return _save(run, title, abc, how, tune, parent)

    def save_all(self, tunes: Iterable[tuple[str, str]], *, how: str) -> list[int]:
        """Keep new tunes, given as title and ABC: all of them or, after an error, none."""
        with self._writing() as run:
            return [_save(run, title, abc, how, None, None)[0] for title, abc in tunes]

    def undo(self, tune: int) -> Kept:
        """Go back to the version that the current one was made from, if there is one."""
        return self._step(tune, "parent")

    def redo(self, tune: int) -> Kept:
        """Take back an `undo`, if there was one."""
        return self._step(tune, "next")

    def go(self, tune: int, version: int) -> Kept:
        """Make any version of a tune the current one."""
        with self._writing() as run:
            _check_version(run, tune, version)
            _show(run, tune, version)
        return self.tune(tune)

    def tag(self, tune: int, tags: Iterable[str]) -> None:
        """Give a tune these tags in place of those that it has."""
        with self._writing() as run:
            _check_tune(run, tune)
            run.execute("DELETE FROM tags WHERE tune = ?", (tune,))
            rows = [(tune, tag) for tag in sorted(set(filter(None, map(_plain, tags))))]
            run.executemany("INSERT INTO tags VALUES (?, ?)", rows)

    def remove(self, tune: int) -> None:
        """Take a tune out of the book, with all its versions."""
        with self._writing() as run:
            _check_tune(run, tune)
            run.execute("UPDATE versions SET parent = NULL, next = NULL WHERE tune = ?", (tune,))
            run.execute("DELETE FROM tunes WHERE id = ?", (tune,))

    def tune(self, tune: int) -> Kept:
        """Return a tune with its versions.

        Raises
        ------
        BookError
            If there is none of that number.
        """
        with self._reading() as run:
            current = _check_tune(run, tune)
            versions = run.execute(
                "SELECT id, parent, title, abc, how, made FROM versions WHERE tune = ? ORDER BY id",
                (tune,),
            )
            return Kept(tune, current, _tags(run, tune), tuple(map(Version._make, versions)))

    def entries(self, search: str = "") -> list[Entry]:
        """Return the tunes that have all words of a search, the one changed last foremost.

        Parameters
        ----------
        search : str
            Words to be found in the title, the tags or the ABC, in any letters, large or small.
        """
        found = """instr(lower(title), ?1) OR instr(lower(abc), ?1) OR EXISTS (
            SELECT 1 FROM tags WHERE tags.tune = tunes.id AND instr(lower(tag), ?1))"""
        words = search.lower().split()
        where = " AND ".join(
            f"({found.replace('?1', f'?{number}')})" for number in range(1, len(words) + 1)
        )
        with self._reading() as run:
            rows = run.execute(
                "SELECT tunes.id, title, abc FROM tunes JOIN versions ON versions.id = current "
                f"WHERE {where or 1} ORDER BY changed DESC",
                words,
            ).fetchall()
            return [Entry(tune, title, abc, _tags(run, tune)) for tune, title, abc in rows]

    def _open(self) -> None:
        """Check the file and bring it up to date."""
        run = self._connection
        run.execute("PRAGMA foreign_keys = ON")
        if not is_book(run):
            raise BookError(f"{self.path} is no book of abcgen's studio; choose another file")
        if version_of(run) > len(MIGRATIONS):
            raise BookError(
                f"{self.path} was written by a newer abcgen (schema {version_of(run)}, this one "
                f"knows {len(MIGRATIONS)}): upgrade abcgen, or choose another file"
            )
        self._begin_log()
        run.execute("PRAGMA synchronous = FULL")  # a commit has reached the disk when it returns
        with self._writing():  # which fails at once where nothing can be written
            migrate(run)

    def _begin_log(self) -> None:
        """Let the file have a write-ahead log; another program may be at the same."""
        deadline = monotonic() + _PATIENCE
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                # SQLite does not wait here, as it does elsewhere.
                if error.sqlite_errorcode & _PRIMARY not in _BUSY or monotonic() > deadline:
                    raise
                sleep(_PAUSE)

    def _step(self, tune: int, column: str) -> Kept:
        """Show the version that a column of the current one names."""
        with self._writing() as run:
            current = _check_tune(run, tune)
            other = run.execute(f"SELECT {column} FROM versions WHERE id = ?", (current,))
            version = other.fetchone()[0]
            if version is not None:
                _show(run, tune, version)
        return self.tune(tune)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection, which sees one state of the book meanwhile."""
        with self._transaction("BEGIN") as run:
            yield run

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection in a transaction that is kept if the block succeeds."""
        with self._transaction("BEGIN IMMEDIATE") as run:
            yield run

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, self._named_errors():
            run = self._connection
            run.execute(begin)
            try:
                yield run
                run.execute("COMMIT")
            except BaseException:
                if run.in_transaction:  # SQLite itself rolls back when the disk is full
                    run.execute("ROLLBACK")
                raise

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Say what is wrong with the file in abcgen's words."""
        try:
            yield
        except OSError as error:
            raise BookError(f"{self.path}: {error.strerror or error}") from None
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
            if code in _NO_BOOK:
                words = "is no book of abcgen's studio, or a damaged one; choose another file"
            elif code in _READ_ONLY:
                words = "cannot be written: it is read-only; choose another file"
            elif code in _BUSY:
                words = "is busy: another program has been writing for long; try again"
            elif code == sqlite3.SQLITE_FULL:
                words = "cannot be written: the disk is full; nothing was changed"
            else:
                words = f"cannot be used ({error}); choose another file"
            raise BookError(f"{self.path} {words}") from None


def _save(
    run: sqlite3.Connection, title: str, abc: str, how: str, tune: int | None, parent: int | None
) -> tuple[int, int]:
    """Insert a version, and its tune if that is new."""
    if tune is None:
        parent = None
        tune = _inserted(run.execute("INSERT INTO tunes (changed) VALUES (0)"))
    else:
        current = _check_tune(run, tune)
        parent = current if parent is None else parent
        _check_version(run, tune, parent)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    version = _inserted(
        run.execute(
            "INSERT INTO versions (tune, parent, title, abc, how, made) VALUES (?, ?, ?, ?, ?, ?)",
            (tune, parent, title, abc, how, made),
        )
    )
    _show(run, tune, version)
    return tune, version


def _inserted(cursor: sqlite3.Cursor) -> int:
    """Return the number of the row that was inserted."""
    return int(cursor.lastrowid or 0)


def _show(run: sqlite3.Connection, tune: int, version: int) -> None:
    """Make a version the current one, and the one that redo goes to from its parent."""
    run.execute(
        "UPDATE versions SET next = ?1 WHERE id = (SELECT parent FROM versions WHERE id = ?1)",
        (version,),
    )
    run.execute(
        "UPDATE tunes SET current = ?, changed = 1 + (SELECT max(changed) FROM tunes) WHERE id = ?",
        (version, tune),
    )


def _check_tune(run: sqlite3.Connection, tune: int) -> int:
    """Return the current version of a tune, or raise that there is no such tune."""
    # SQLite refuses numbers of more than 64 bits.
    found = run.execute("SELECT current FROM tunes WHERE id = ?", (min(tune, _MOST_NUMBER),))
    row = found.fetchone()
    if row is None:
        raise BookError(f"the book has no tune {tune}; it may have been removed")
    return int(row[0])


def _check_version(run: sqlite3.Connection, tune: int, version: int) -> None:
    """Raise unless a tune has a version."""
    found = run.execute("SELECT 1 FROM versions WHERE id = ? AND tune = ?", (version, tune))
    if found.fetchone() is None:
        raise BookError(f"tune {tune} of the book has no version {version}")


def _tags(run: sqlite3.Connection, tune: int) -> tuple[str, ...]:
    """Return the tags of a tune."""
    rows = run.execute("SELECT tag FROM tags WHERE tune = ? ORDER BY tag", (tune,))
    return tuple(tag for (tag,) in rows)


def _plain(tag: str) -> str:
    """Return a tag without spaces around it, and with single ones inside."""
    return " ".join(tag.split())
