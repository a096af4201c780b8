"""Find and read tunebooks: ABC files from names, files and folders, and text from their bytes."""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from abcgen.errors import AbcgenError, CorpusError, UsageError, near_names
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.fetching.sources import load_sources

#: Corpora that `abcgen.download` fetches, each into a folder of its name in `CORPORA`.
FETCHED = tuple(load_sources())


class Bundled(NamedTuple):
    """A corpus that is part of music21: its folder there, and what it is."""

    folder: str
    title: str
    licence: str = "out of copyright"


#: Corpora that are part of music21, by name. They need no network.
BUNDLED = {
    "oneills": Bundled("oneills1850", "O'Neill's Music of Ireland (1903)"),
    "ryans": Bundled("ryansMammoth", "Ryan's Mammoth Collection (1883)"),
    "airds": Bundled("airdsAirs", "Aird's Airs (1778)"),
    "chorales": Bundled("bach", "soprano lines of Bach's chorales"),
}
#: The help of commands for an argument that `find_tunebooks` takes.
NAME_OR_PATH = (
    f"a corpus ({', '.join([*FETCHED, *BUNDLED])}), an ABC, MIDI or MusicXML file, or a folder of "
    "such files"
)
#: Where `abcgen.download` puts corpora, in the current folder.
CORPORA = Path("corpora")
#: The name that stands for stdin.
STDIN = "-"
_SUFFIX = ".abc"
_SHOWN = 200  # characters of what is no name
#: The part of ISO 8859 that a file says it is in: ``%abc-charset iso-8859-2``.
_CHARSET = re.compile(rb"^%%?abc-charset\s+iso-?8859-(\d{1,2})\b", re.MULTILINE | re.IGNORECASE)
#: Endings of files that `abcgen.tunebooks.importing` reads as ABC.
IMPORTED = (".mid", ".midi", ".musicxml", ".mxl", ".xml")


def find_tunebooks(name_or_path: str) -> list[Path]:
    """Return the files of a named corpus, a file or a folder, sorted.

    Parameters
    ----------
    name_or_path : str
        A corpus by name (`FETCHED`, `BUNDLED`), a file, or a folder, in which ABC files and those
        of `IMPORTED` are searched for at any depth.

    Raises
    ------
    CorpusError
        If there is no such name or path, or a folder has no such file.
    """
    path = Path(name_or_path)
    if not name_or_path:
        raise CorpusError("the name is empty; give a file, a folder or the name of a corpus")
    if name_or_path in BUNDLED and not path.exists():
        path = _music21_corpus() / BUNDLED[name_or_path].folder
    elif name_or_path in FETCHED and not path.exists():
        path = CORPORA / name_or_path
        if not path.is_dir():
            raise CorpusError(
                f"the corpus {name_or_path!r} is not in {path}; "
                f"download it with: python -m abcgen.download {name_or_path}"
            )
    if path.is_dir():
        files = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in (_SUFFIX, *IMPORTED)
            # Hidden files are not tunebooks: macOS writes ._x.abc, a cut-off download leaves some.
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        if not files:
            raise CorpusError(
                f"the folder {path} has no {_SUFFIX} file, and none in MIDI or MusicXML"
            )
        return files
    if path.exists():
        return [path]
    shown = name_or_path if len(name_or_path) <= _SHOWN else name_or_path[:_SHOWN] + "..."
    missing = f"{shown!r} is not a file, a folder or the name of a corpus"
    if path.suffix or len(path.parts) > 1:  # no corpus is called like this
        raise CorpusError(f"{missing}: there is no such file")
    raise CorpusError(f"{missing}; {near_names(name_or_path, [*FETCHED, *BUNDLED])}")


def _music21_corpus() -> Path:
    # Importing music21 would take half a second; its folder is enough.
    spec = importlib.util.find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        raise CorpusError("this corpus is part of music21, which is missing: pip install music21")
    return Path(spec.submodule_search_locations[0]) / "corpus"


def decode_tunebook(data: bytes) -> str:
    """Return the text of a tunebook's bytes, line ends made LF.

    UTF-16 is told by its byte order mark or its zero bytes. Else UTF-8 is tried first (a byte order
    mark is removed), then what ``%abc-charset`` names, then Windows' cp1252, then latin-1, in which
    every byte is a character.

    Raises
    ------
    CorpusError
        If it is empty, or has zero bytes and so is not text.
    """
    if not data.strip():
        raise CorpusError("the file is empty; expected a tunebook in ABC")
    wide = _utf16(data)
    if wide is None and b"\0" in data:
        raise CorpusError(
            "the file is not text (it has zero bytes): expected a tunebook in ABC, MIDI or MusicXML"
        )
    named = _CHARSET.search(data)
    charset = f"iso8859-{named[1].decode()}" if named else "cp1252"
    text = ""
    for encoding in [wide] if wide else ["utf-8-sig", charset, "cp1252", "latin-1"]:
        try:
            text = data.decode(encoding)
            break
        except (UnicodeDecodeError, LookupError):
            continue
    text = text.lstrip("\ufeff")
    if "\0" in text or not text.strip():
        raise CorpusError("the file is not text; expected a tunebook in ABC")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _utf16(data: bytes) -> str | None:
    """Return the name of the UTF-16 encoding that bytes are in, or None."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Most characters of a tunebook are ASCII, of which one byte of two is zero.
    even, odd = data[::2].count(0), data[1::2].count(0)
    if not even and odd > len(data) // 4:
        return "utf-16-le"
    return "utf-16-be" if not odd and even > len(data) // 4 else None


def read_tunebook(
    path: Path,
    track: str | None = None,
    chords: bool = False,
    on_doubt: Callable[[str], None] | None = None,
) -> str:
    """Return the text of a tunebook; errors name the file.

    Parameters
    ----------
    path : Path
        A file in ABC, see `decode_tunebook`, or one that is read as ABC, see
        `abcgen.tunebooks.importing`.
    track : str, optional
        Of a MIDI or MusicXML file, the track of the melody.
    chords, on_doubt
        See `abcgen.tunebooks.importing.import_tune`.
    """
    try:
        if path.suffix.lower() in IMPORTED:
            from abcgen.tunebooks.importing import import_file, no_doubt

            return import_file(path, track, chords, on_doubt or no_doubt)
        return decode_tunebook(path.read_bytes())
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None


def read_stdin(
    track: str | None = None,
    chords: bool = False,
    on_doubt: Callable[[str], None] | None = None,
) -> str:
    """Return the text of a tunebook on stdin, in ABC, MIDI or MusicXML.

    Parameters
    ----------
    track, chords, on_doubt
        See `read_tunebook`.

    Raises
    ------
    UsageError
        If stdin is closed.
    """
    if sys.stdin is None:
        raise UsageError("stdin is closed; give a file, or a tunebook on stdin")
    from abcgen.tunebooks.importing import import_tune, no_doubt

    data = sys.stdin.buffer.read()
    try:
        imported = import_tune(data, "", track, chords, on_doubt or no_doubt)
        return decode_tunebook(data) if imported is None else imported
    except CorpusError as error:
        raise CorpusError(f"stdin: {error}") from None


def books_in(
    files: Sequence[Path],
    track: str | None = None,
    on_doubt: Callable[[Path, str], None] | None = None,
) -> Iterator[tuple[Path, list[str] | AbcgenError]]:
    """Yield each file with the texts of its tunes, or with why it is not a tunebook.

    Parameters
    ----------
    files : sequence of Path
        Such as `find_tunebooks` returns.
    track : str, optional
        See `read_tunebook`.
    on_doubt : callable, optional
        Called with each file that is damaged and read up to there, and a line on that.

    Raises
    ------
    CorpusError, UsageError
        If the only file is not a tunebook, or has no such track. One of several does not stop the
        others.
    """
    for file in files:
        try:
            text = read_tunebook(file, track, on_doubt=on_doubt and partial(on_doubt, file))
            texts = list(split_tunebook(text))
            if not texts:
                raise CorpusError(f"{file}: no line begins with X:, so this is not an ABC tunebook")
        except (CorpusError, UsageError) as error:
            if len(files) == 1:
                raise
            yield file, error
        else:
            yield file, texts


def named_books(
    name: str, track: str | None = None, on_doubt: Callable[[Path, str], None] | None = None
) -> Iterator[tuple[Path, list[str] | AbcgenError]]:
    """Yield `books_in` the files that a name or path stands for, or stdin where it is ``-``."""
    if name != STDIN:
        yield from books_in(find_tunebooks(name), track, on_doubt)
        return
    file = Path("stdin")
    texts = list(split_tunebook(read_stdin(track, on_doubt=on_doubt and partial(on_doubt, file))))
    if not texts:
        raise CorpusError("stdin: no line begins with X:, so this is not an ABC tunebook")
    yield file, texts


def read_tunes(book: str, tell: Callable[[str], None], *, quiet: bool = False) -> list[str]:
    """Return the text of each tune of a file or a folder, or of stdin where `book` is ``-``.

    Parameters
    ----------
    book : str
        As a command's FILE names it.
    tell : callable
        Takes a line on each file of a folder that is left out, and on each that is damaged, and
        read up to there.
    quiet : bool
        Whether not to tell of damaged ones.

    Raises
    ------
    CorpusError
        If there is no such file, it is no text, or no tune is in it.
    """

    def doubted(file: Path | str, doubt: str) -> None:
        if not quiet:
            tell(f"{file}: {doubt}")

    path = Path(book)
    if book == STDIN:
        tunes = list(split_tunebook(read_stdin(on_doubt=partial(doubted, book))))
    elif path.is_dir():
        tunes = []
        for _, found in books_in(find_tunebooks(book), on_doubt=doubted):
            if isinstance(found, AbcgenError):
                tell(f"left out: {found}")
            else:
                tunes += found
    elif not path.exists():
        raise CorpusError(f"{book} does not exist; expected a tunebook in ABC, or - for stdin")
    else:
        tunes = list(split_tunebook(read_tunebook(path, on_doubt=partial(doubted, book))))
    if not tunes:
        raise CorpusError(f"{book} has no tune: no line begins with X:")
    return tunes


def tune_at(place: int, texts: Sequence[str], book: str) -> str:
    """Return the tune at a place in a book, counted from 1.

    Raises
    ------
    UsageError
        If the book has fewer.
    """
    if place > len(texts):
        many = "1 tune" if len(texts) == 1 else f"{len(texts)} tunes"
        raise UsageError(f"{book} has {many}; there is no tune {place}")
    return texts[place - 1]
