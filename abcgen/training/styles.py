"""The styles of tunebooks: named by the user, or those of a folder with a subfolder for each."""

from collections.abc import Sequence
from pathlib import Path

from abcgen.errors import UsageError
from abcgen.grammar.style import spell_style
from abcgen.tunebooks.names import find_tunebooks

#: Books by name or path, and the style of each; no styles where the network need not tell any.
Books = tuple[list[str], list[str]]


def books_of(plain: Sequence[str], styled: Sequence[str]) -> Books:
    """Return the tunebooks that a command line names, with their styles.

    Parameters
    ----------
    plain : sequence of str
        Books without a style. A single folder whose files are all in subfolders, two or more of
        them, gives a book and a style for each subfolder.
    styled : sequence of str
        Style and book, as in ``bach=chorales/``. Several books may have one style.

    Raises
    ------
    UsageError
        If some books have a style and others have none, or one is not written like that.
    CorpusError
        If there is no such folder.
    """
    if plain and styled:
        raise UsageError(
            f"{plain[0]} has no style and others have: give each tunebook one, as in "
            f"--style NAME={plain[0]}"
        )
    if styled:
        pairs = [_pair(text) for text in styled]
        return [book for _, book in pairs], [style for style, _ in pairs]
    if len(plain) == 1 and Path(plain[0]).is_dir():
        return _subfolders(Path(plain[0])) or ([*plain], [])
    return [*plain], []


def _pair(text: str) -> tuple[str, str]:
    style, equals, book = text.partition("=")
    if not (equals and book):
        raise UsageError(f"--style needs a name and a tunebook, as in bach=chorales/, not {text!r}")
    return spell_style(style), book


def _subfolders(folder: Path) -> Books | None:
    """Return the subfolders of a folder, if all its tunebooks are in several of them."""
    files = [file.relative_to(folder) for file in find_tunebooks(str(folder))]
    names = list(dict.fromkeys(file.parts[0] for file in files))
    if len(names) < 2 or any(len(file.parts) == 1 for file in files):
        return None
    return [str(folder / name) for name in names], list(map(spell_style, names))
