"""Where tunebooks are: names, files and folders to files of ABC, and their bytes to text."""

import importlib.util
from pathlib import Path

from abcgen.errors import CorpusError, near_names
from abcgen.tunebooks.fetching.sources import load_sources

#: Corpora that `abcgen.download` fetches into a folder of their name under `CORPORA`.
FETCHED = tuple(load_sources())
#: Books that come with music21 -> their folder there. They need no network.
BUNDLED = {"oneills": "oneills1850", "ryans": "ryansMammoth", "airds": "airdsAirs"}
#: What commands say of an argument that `find_tunebooks` takes.
NAME_OR_PATH = f"a corpus ({', '.join([*FETCHED, *BUNDLED])}), an ABC file or a folder of them"
#: Where `abcgen.download` puts corpora, in the current folder.
CORPORA = Path("corpora")
_SUFFIX = ".abc"


def find_tunebooks(name_or_path: str) -> list[Path]:
    """Return the ABC files that a name, a file or a folder stands for, sorted.

    Parameters
    ----------
    name_or_path : str
        A corpus by name (`FETCHED`, `BUNDLED`), a file, or a folder, which is searched for
        ``*.abc`` with all its folders.

    Raises
    ------
    CorpusError
        If there is no such name or path, or a folder holds no ABC file.
    """
    path = Path(name_or_path)
    if not name_or_path:
        raise CorpusError("an empty name is no corpus; give a file, a folder or a corpus's name")
    if name_or_path in BUNDLED and not path.exists():
        path = _music21_corpus() / BUNDLED[name_or_path]
    elif name_or_path in FETCHED and not path.exists():
        path = CORPORA / name_or_path
        if not path.is_dir():
            raise CorpusError(
                f"the corpus {name_or_path!r} is not in {path}; "
                f"fetch it with: python -m abcgen.download {name_or_path}"
            )
    if path.is_dir():
        files = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() == _SUFFIX
            # What begins with a dot is hidden: the Mac's shadow files, a download cut off.
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )
        if not files:
            raise CorpusError(f"the folder {path} holds no {_SUFFIX} file")
        return files
    if path.exists():
        return [path]
    hint = near_names(name_or_path, [*FETCHED, *BUNDLED])
    raise CorpusError(f"{name_or_path!r} is no file, folder or corpus; {hint}")


def _music21_corpus() -> Path:
    # Asked for its place without importing it, since that takes half a second.
    spec = importlib.util.find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        raise CorpusError("music21, which holds this book, is missing: pip install music21")
    return Path(spec.submodule_search_locations[0]) / "corpus"


def decode_tunebook(data: bytes) -> str:
    """Return the text of a tunebook's bytes, line ends made LF.

    UTF-8 is tried first (a byte order mark is taken off), then Windows' cp1252, then latin-1,
    which takes any byte.

    Raises
    ------
    CorpusError
        If there is nothing in it, or it holds zero bytes and so is no text.
    """
    if not data.strip():
        raise CorpusError("the file is empty; expected a tunebook in ABC")
    if b"\0" in data:
        raise CorpusError("the file is no text (it holds zero bytes); expected a tunebook in ABC")
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
