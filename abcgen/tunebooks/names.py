"""Find and read tunebooks: ABC files from names, files and folders, and text from their bytes."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.errors import CorpusError, UsageError, near_names
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.fetching.sources import load_sources

#: Corpora that `abcgen.download` fetches, each into a folder of its name in `CORPORA`.
FETCHED = tuple(load_sources())
#: Corpora that are part of music21 -> their folder there. They need no network.
BUNDLED = {"oneills": "oneills1850", "ryans": "ryansMammoth", "airds": "airdsAirs"}
#: The help of commands for an argument that `find_tunebooks` takes.
NAME_OR_PATH = f"a corpus ({', '.join([*FETCHED, *BUNDLED])}), an ABC file or a folder of them"
#: Where `abcgen.download` puts corpora, in the current folder.
CORPORA = Path("corpora")
#: The name that stands for stdin.
STDIN = "-"
_SUFFIX = ".abc"


def find_tunebooks(name_or_path: str) -> list[Path]:
    """Return the ABC files of a named corpus, a file or a folder, sorted.

    Parameters
    ----------
    name_or_path : str
        A corpus by name (`FETCHED`, `BUNDLED`), a file, or a folder, in which ``*.abc`` is searched
        for at any depth.

    Raises
    ------
    CorpusError
        If there is no such name or path, or a folder has no ABC file.
    """
    path = Path(name_or_path)
    if not name_or_path:
        raise CorpusError("the name is empty; give a file, a folder or the name of a corpus")
    if name_or_path in BUNDLED and not path.exists():
        path = _music21_corpus() / BUNDLED[name_or_path]
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
            if file.suffix.lower() == _SUFFIX
            # Hidden files are not tunebooks: macOS writes ._x.abc, a cut-off download leaves some.
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        if not files:
            raise CorpusError(f"the folder {path} has no {_SUFFIX} file")
        return files
    if path.exists():
        return [path]
    hint = near_names(name_or_path, [*FETCHED, *BUNDLED])
    raise CorpusError(f"{name_or_path!r} is not a file, a folder or the name of a corpus; {hint}")


def _music21_corpus() -> Path:
    # Importing music21 would take half a second; its folder is enough.
    spec = importlib.util.find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        raise CorpusError("this corpus is part of music21, which is missing: pip install music21")
    return Path(spec.submodule_search_locations[0]) / "corpus"


def decode_tunebook(data: bytes) -> str:
    """Return the text of a tunebook's bytes, line ends made LF.

    UTF-8 is tried first (a byte order mark is removed), then Windows' cp1252, then latin-1, in
    which every byte is a character.

    Raises
    ------
    CorpusError
        If it is empty, or has zero bytes and so is not text.
    """
    if not data.strip():
        raise CorpusError("the file is empty; expected a tunebook in ABC")
    if b"\0" in data:
        raise CorpusError("the file is not text (it has zero bytes); expected a tunebook in ABC")
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_tunebook(path: Path) -> str:
    """Return the text of an ABC file; see `decode_tunebook`. Errors name the file."""
    try:
        return decode_tunebook(path.read_bytes())
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None


def read_stdin() -> str:
    """Return the text of a tunebook on stdin; see `decode_tunebook`.

    Raises
    ------
    UsageError
        If stdin is closed.
    """
    if sys.stdin is None:
        raise UsageError("stdin is closed; give a file, or a tunebook on stdin")
    try:
        return decode_tunebook(sys.stdin.buffer.read())
    except CorpusError as error:
        raise CorpusError(f"stdin: {error}") from None


def read_tunes(book: str) -> list[str]:
    """Return the text of each tune of an ABC file, or of stdin where `book` is ``-``.

    Raises
    ------
    CorpusError
        If there is no such file, it is no text, or no tune is in it.
    """
    if book == STDIN:
        text = read_stdin()
    elif Path(book).is_dir():
        raise CorpusError(f"{book} is a folder; expected a tunebook in ABC, or - for stdin")
    elif not Path(book).exists():
        raise CorpusError(f"{book} does not exist; expected a tunebook in ABC, or - for stdin")
    else:
        text = read_tunebook(Path(book))
    tunes = list(split_tunebook(text))
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
