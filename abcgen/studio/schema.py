"""The tables of a book, and how a book of an earlier version is brought up to date."""

import sqlite3
from collections.abc import Sequence

#: What says in an SQLite file that it is a book: "abcb" in ASCII.
APPLICATION_ID = 0x61626362

#: The steps from an empty file to the newest schema, each a few statements. `user_version` counts
#: those that are done. A step that was published never changes; what is new is a further step.
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        f"PRAGMA application_id = {APPLICATION_ID}",
        # `current` is the version that is shown. `changed` is a number that grows with each change
        # of the book, so that the tune changed last is the first in a list.
        """CREATE TABLE tunes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            current INTEGER NOT NULL DEFAULT 0,
            changed INTEGER NOT NULL
        ) STRICT""",
        # `parent` is the version that this one was made from; `next` is the one made from it that
        # was shown last, which is what redo goes to.
        """CREATE TABLE versions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tune INTEGER NOT NULL REFERENCES tunes (id) ON DELETE CASCADE,
            parent INTEGER REFERENCES versions (id),
            next INTEGER REFERENCES versions (id),
            title TEXT NOT NULL,
            abc TEXT NOT NULL,
            how TEXT NOT NULL,
            made TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX versions_of_tune ON versions (tune)",
        """CREATE TABLE tags (
            tune INTEGER NOT NULL REFERENCES tunes (id) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (tune, tag)
        ) STRICT""",
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a book up to date, in the transaction that the caller has begun."""
    done = version_of(connection)
    for number, statements in enumerate(MIGRATIONS[done:], start=done + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many of the steps are done."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_book(connection: sqlite3.Connection) -> bool:
    """Return whether a database is a book, or empty and so can become one."""
    # In this order: an empty one may become a book of another program between the two looks.
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return True
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
