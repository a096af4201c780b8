"""The endpoints of the book."""

from collections.abc import Mapping
from typing import Any

import abcgen
from abcgen.errors import CorpusError, NotationError
from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.tunes import ABC
from abcgen.studio.workshop import Workshop, tune_of

_MOST_NUMBER = 2**53 - 1
_MOST_IMPORTED = 900_000  # characters
_MOST_TUNES = 2_000  # of a book that is read at once


def entries(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """List the tunes of the book that have all words of a search."""
    found = shop.book.entries(asked.get("search", ""))
    return {"tunes": [{"tune": one.tune, "title": one.title, "tags": one.tags} for one in found]}


def save(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Keep a version of a tune; when this is answered, it is in the book."""
    tune = tune_of(asked["abc"])
    try:
        title = tune.title
    except NotationError as error:
        raise RefusedError(422, f"expected a tune in ABC: {error}") from None
    number, version = shop.book.save(
        title,
        tune.abc,
        how=asked.get("how", ""),
        tune=asked.get("tune"),
        parent=asked.get("parent"),
    )
    return {"tune": number, "version": version}


def opened(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return a tune of the book with all its versions."""
    return shop_kept(shop, asked["tune"])


def undo(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Go back to the version that the current one was made from."""
    shop.book.undo(asked["tune"])
    return shop_kept(shop, asked["tune"])


def redo(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Take back an undo."""
    shop.book.redo(asked["tune"])
    return shop_kept(shop, asked["tune"])


def go(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Make any version of a tune the current one."""
    shop.book.go(asked["tune"], asked["version"])
    return shop_kept(shop, asked["tune"])


def tag(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Give a tune tags, separated by commas, in place of those that it has."""
    shop.book.tag(asked["tune"], asked["tags"].split(","))
    return shop_kept(shop, asked["tune"])


def remove(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Take a tune out of the book, with all its versions."""
    shop.book.remove(asked["tune"])
    return {}


def take_in(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Keep the tunes of a tunebook in ABC; say which cannot be read, and why."""
    try:
        read = abcgen.read(asked["abc"] + "\n")  # text, not the name of a file
    except CorpusError as error:
        raise RefusedError(422, str(error)) from None
    if len(read) > _MOST_TUNES:
        raise RefusedError(422, f"{len(read):,} tunes at once; take in {_MOST_TUNES:,} at most")
    numbers = shop.book.save_all([(tune.title, tune.abc) for tune in read], how="imported")
    return {"tunes": numbers, "unread": [one.reason for one in read.unread]}


def take_out(shop: Workshop, asked: Mapping[str, Any]) -> File:
    """Return the tunes of the book as a tunebook in ABC, those of a search or all."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    found = reversed(shop.book.entries(asked.get("search", "")))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.abc"
        abcgen.write([entry.abc for entry in found], path)
        return File(path.read_bytes(), "text/vnd.abc", "abc")


def shop_kept(shop: Workshop, number: int) -> dict[str, object]:
    """Return a tune of the book as JSON."""
    kept = shop.book.tune(number)
    return {
        "tune": kept.tune,
        "current": kept.current,
        "tags": kept.tags,
        "versions": [version._asdict() for version in kept.versions],
    }


def _number(what: str, *, needed: bool = False) -> Field:
    return Field(int, what, 1, _MOST_NUMBER, needed=needed)


_SEARCH = {"search": Field(str, "words to be found in titles, tags and ABC", 0, 200)}
_TUNE = "/api/book/{tune:int}"
ENDPOINTS = (
    Endpoint("GET", "/api/book", entries, _SEARCH),
    Endpoint(
        "POST",
        "/api/book",
        save,
        {
            "abc": ABC,
            "how": Field(str, "what was done, such as composed", 0, 80),
            "tune": _number("the tune that it is a version of; a new one unless given"),
            "parent": _number("the version that it was made from"),
        },
    ),
    Endpoint(
        "POST",
        "/api/import",
        take_in,
        {"abc": Field(str, "a tunebook", 1, _MOST_IMPORTED, needed=True)},
    ),
    Endpoint("GET", "/api/export", take_out, _SEARCH),
    Endpoint("GET", _TUNE, opened),
    Endpoint("POST", _TUNE + "/undo", undo),
    Endpoint("POST", _TUNE + "/redo", redo),
    Endpoint("POST", _TUNE + "/go", go, {"version": _number("the version", needed=True)}),
    Endpoint("POST", _TUNE + "/tags", tag, {"tags": Field(str, "a, b", 0, 400, needed=True)}),
    Endpoint("POST", _TUNE + "/remove", remove),
)
