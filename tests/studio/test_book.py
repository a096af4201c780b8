"""The book: what it keeps, and what it says when it cannot."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.studio import schema
from abcgen.studio.book import Book, BookError
from tests.conftest import ROOT

SAVES = """
import sys
from pathlib import Path
from types import SimpleNamespace
from abcgen.studio.book import Book
book, name = Book(Path(sys.argv[1])), sys.argv[2]
tune, _ = book.save(name, name, how="begun")
for number in range(int(sys.argv[3])):
    _, version = book.save(name, f"{name} {number}", how="saved", tune=tune)
    print(tune, version, number, flush=True)
"""


def saving(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """Start a process that saves without end and prints what was confirmed."""
    return subprocess.Popen(
        [sys.executable, "-c", SAVES, str(path), name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def current(book: Book, tune: int) -> str:
    kept = book.tune(tune)
    return next(one.abc for one in kept.versions if one.version == kept.current)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path / "folder" / "tunes.book")
    yield book
    book.close()


def test_versions_are_a_tree(book: Book) -> None:
    tune, first = book.save("One", "a", how="composed")
    assert book.save("One", "b", how="redrawn", tune=tune)[0] == tune
    _, third = book.save("Two", "c", how="redrawn", tune=tune, parent=first)
    other = Book(book.path)  # as another program sees it
    kept = other.tune(tune)
    other.close()
    assert [(one.abc, one.parent, one.how) for one in kept.versions] == [
        ("a", None, "composed"),
        ("b", first, "redrawn"),
        ("c", first, "redrawn"),
    ]
    assert kept.current == third


def test_undo_goes_up_the_tree_and_redo_down_where_one_came_from(book: Book) -> None:
    tune, first = book.save("One", "a", how="")
    _, second = book.save("One", "b", how="", tune=tune)
    _, third = book.save("One", "c", how="", tune=tune, parent=first)
    assert book.undo(tune).current == first
    assert book.undo(tune).current == first  # there is nothing before it
    assert book.redo(tune).current == third
    assert book.redo(tune).current == third
    assert book.go(tune, second).current == second
    book.undo(tune)
    assert book.redo(tune).current == second


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["save", "undo", "redo"]), max_size=12))
def test_undo_and_redo_are_those_of_any_editor(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    book = Book(tmp_path_factory.mktemp("book") / "tunes.book")
    tune, _ = book.save("", "0", how="")
    done, undone = ["0"], []
    for number, step in enumerate(steps, start=1):
        if step == "save":
            book.save("", str(number), how="", tune=tune)
            done, undone = [*done, str(number)], []
        elif step == "undo":
            book.undo(tune)
            if len(done) > 1:
                undone.append(done.pop())
        else:
            book.redo(tune)
            if undone:
                done.append(undone.pop())
        assert current(book, tune) == done[-1]
    book.close()


def test_search_finds_words_in_titles_tags_and_text(book: Book) -> None:
    kesh, _ = book.save("The Kesh", "K:G\nabc", how="")
    reel, _ = book.save("100%_'; DROP TABLE tunes; --", "K:D\nefg", how="")
    book.tag(kesh, ["jig", " for  whistle ", "", "jig"])

    def found(search: str) -> list[int]:
        return [entry.tune for entry in book.entries(search)]

    assert found("") == [reel, kesh]
    assert found("KESH") == found("k:g whistle") == found("jig") == [kesh]
    assert found("%") == found("';") == [reel]
    assert found("kesh reel") == found('"') == []
    assert book.entries("kesh")[0].tags == ("for whistle", "jig")
    book.tag(kesh, [])
    assert found("jig") == []


def test_the_tune_changed_last_is_foremost(book: Book) -> None:
    first, version = book.save("One", "a", how="")
    second, _ = book.save("Two", "b", how="")
    assert [entry.tune for entry in book.entries()] == [second, first]
    book.go(first, version)
    assert [entry.tune for entry in book.entries()] == [first, second]


@pytest.mark.parametrize("number", [-1, 0, 99, 10**30])
def test_a_tune_that_never_was(book: Book, number: int) -> None:
    with pytest.raises(BookError, match=f"no tune {number}"):
        book.tune(number)


def test_a_tune_that_was_removed_is_gone_with_its_versions(book: Book) -> None:
    tune, _ = book.save("One", "a", how="")
    book.save("One", "b", how="", tune=tune)
    book.tag(tune, ["x"])
    book.remove(tune)
    assert book.entries() == []
    other, _ = book.save("Two", "c", how="")
    assert other != tune  # so that no window saves into it by mistake
    for call in (book.tune, book.undo, book.redo, book.remove):
        with pytest.raises(BookError, match=f"no tune {tune}"):
            call(tune)


def test_many_tunes_are_saved_all_or_none(book: Book) -> None:
    assert book.save_all([("One", "a"), ("Two", "b")], how="read") == [1, 2]
    with pytest.raises(ValueError, match="unpack"):
        book.save_all([("Three", "c"), ()], how="read")  # type: ignore[list-item]
    assert len(book.entries()) == 2


def test_a_version_belongs_to_its_tune(book: Book) -> None:
    _, version = book.save("One", "a", how="")
    other, _ = book.save("Two", "b", how="")
    with pytest.raises(BookError, match="no version"):
        book.save("Two", "c", how="", tune=other, parent=version)
    with pytest.raises(BookError, match="no version"):
        book.go(other, version)
    assert len(book.tune(other).versions) == 1


def test_threads_share_a_book(book: Book) -> None:
    def save(number: int) -> int:
        return book.save(f"Tune {number}", "abc", how="")[0]

    with ThreadPoolExecutor(8) as pool:
        tunes = list(pool.map(save, range(40)))
    assert len(set(tunes)) == len(book.entries()) == 40


def test_a_file_that_becomes_a_book_while_it_is_looked_at_is_one(tmp_path: Path) -> None:
    path = tmp_path / "book"

    class Connection(sqlite3.Connection):
        def execute(self, *given: str) -> sqlite3.Cursor:  # type: ignore[override]
            found = super().execute(*given)
            row = found.fetchone()
            if not path.exists() or not path.stat().st_size:
                Book(path).close()  # by another program, right behind the first look
            return SimpleNamespace(fetchone=lambda: row)  # type: ignore[return-value]

    connection = sqlite3.connect(path, factory=Connection)
    assert schema.is_book(connection)
    connection.close()


def test_several_processes_lose_nothing(tmp_path: Path) -> None:
    processes = [saving(tmp_path / "book", name, 20) for name in "abc"]
    lines = [process.communicate(timeout=120)[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    book = Book(tmp_path / "book")
    for name, of_one in zip("abc", lines, strict=True):
        tune = int(of_one[0].split()[0])
        assert [one.abc for one in book.tune(tune).versions] == [
            name,
            *(f"{name} {number}" for number in range(20)),
        ]
    book.close()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_what_was_confirmed_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "book"
    for after in (1, 3, 7, 12, 30):  # saves that are confirmed before the kill
        process = saving(path, f"to {after}", 1_000_000)
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        confirmed = process.stdout.read().splitlines()  # what was printed in the meantime
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
        last = int(confirmed[-1].split()[2]) if confirmed else after - 1
        book = Book(path)
        (entry,) = book.entries(f"to {after} ".strip())[:1]
        kept = {one.abc for one in book.tune(entry.tune).versions}
        assert {f"to {after} {number}" for number in range(last + 1)} <= kept
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
        book.close()


# -- files that are no books ----------------------------------------------------------------------


def refused(path: Path) -> str:
    """Return why a file cannot be opened, which is one line that names it."""
    with pytest.raises(BookError) as caught:
        Book(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_that_is_no_book_stays_as_it_is(tmp_path: Path) -> None:
    text, other = tmp_path / "tunes.abc", tmp_path / "other.sqlite"
    text.write_text("X:1\nT:One\nK:D\nd|\n" * 50)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE of_others (x)")
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        assert "is no book" in refused(path)
        assert path.read_bytes() == before


def test_a_book_of_a_newer_abcgen_is_refused(book: Book) -> None:
    book.close()
    with sqlite3.connect(book.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "newer abcgen (schema 99" in refused(book.path)


def test_a_folder_and_a_file_in_the_way_are_named(tmp_path: Path) -> None:
    assert "cannot be used" in refused(tmp_path)
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file" / "book")


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="needs a user who may not write everything"
)
def test_a_book_without_the_right_to_write_is_refused(book: Book) -> None:
    book.close()
    book.path.chmod(0o444)
    assert "read-only" in refused(book.path)


def test_a_book_that_became_read_only_says_so(book: Book) -> None:
    book.save("One", "a", how="")
    book._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(BookError, match="read-only"):
        book.save("Two", "b", how="")
    assert len(book.entries()) == 1


def test_a_full_disk_changes_nothing(book: Book) -> None:
    tune, version = book.save("One", "a", how="")
    pages = book._connection.execute("PRAGMA page_count").fetchone()[0]
    book._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BookError, match="disk is full; nothing was changed"):
        book.save("One", "b" * 100_000, how="", tune=tune)
    assert book.tune(tune).current == version
    book.save("One", "c", how="", tune=tune)  # what still fits is taken


def test_a_book_that_stays_busy_says_so(book: Book) -> None:
    other = sqlite3.connect(book.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    book._connection.execute("PRAGMA busy_timeout = 1")
    with pytest.raises(BookError, match="is busy"):
        book.save("One", "a", how="")
    other.execute("ROLLBACK")
    other.close()
    book.save("One", "a", how="")


def test_an_older_book_is_brought_up_to_date(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    tune, _ = book.save("One", "a", how="")
    book.close()
    step = ("ALTER TABLE tunes ADD COLUMN stars INTEGER NOT NULL DEFAULT 0",)
    steps = (*schema.MIGRATIONS, step)
    monkeypatch.setattr("abcgen.studio.schema.MIGRATIONS", steps)
    monkeypatch.setattr("abcgen.studio.book.MIGRATIONS", steps)
    newer = Book(book.path)
    assert newer.tune(tune).versions[0].abc == "a"
    assert newer._connection.execute("SELECT stars FROM tunes").fetchall() == [(0,)]
    newer.close()
    Book(book.path).close()  # and is not brought up to date a second time


def test_a_migration_that_fails_leaves_the_book_as_it_was(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.close()
    steps = (*schema.MIGRATIONS, ("CREATE TABLE half (x)", "CREATE TABLE half (x)"))
    with monkeypatch.context() as patched:
        patched.setattr("abcgen.studio.schema.MIGRATIONS", steps)
        patched.setattr("abcgen.studio.book.MIGRATIONS", steps)
        assert "half" in refused(book.path)
    Book(book.path).close()


def test_a_book_that_another_program_begins_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(tmp_path / "book", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("abcgen.studio.book.sleep", lambda _: other.execute("ROLLBACK"))
    Book(tmp_path / "book").close()
    other.close()
