"""Tunes written into one file, in the format that its ending names."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING

from abcgen.errors import AbcgenError, UsageError
from abcgen.support import values
from abcgen.support.files import temporary_beside

if TYPE_CHECKING:
    from abcgen.api.tune import Tune
    from abcgen.notation.tune import Tune as ReadTune


def write_tunes(
    tunes: Iterable["Tune | str"],
    to: str | PathLike[str],
    options: Mapping[str, object],
    *,
    number: bool,
) -> None:
    """Write tunes into one file by its ending; see `abcgen.write` and `Tune.save`.

    In ABC they keep their reference numbers, or are numbered from X:1.
    """
    from abcgen.formats.endings import ABC, PDF, format_of

    path = values.path("path", to, "the name of a file, such as 'tune.abc'")
    form = format_of(path)
    if not form.options.issuperset(options):
        unknown = ", ".join(sorted(set(options) - form.options))
        known = ", ".join(sorted(form.options))
        takes = f"takes the options {known}" if known else "takes no options"
        raise UsageError(f"{path}: {form.name} {takes}; found {unknown}")
    if form is ABC:
        texts = map(str, tunes)
        first = next(texts, None)
        if first is None:
            raise UsageError(f"{path}: expected 1 or more tunes, found none")
        book = _book(chain([first], texts), number)
        _write(path, lambda file: file.writelines(book))
        return
    given = [(str(tune), _read(tune)) for tune in tunes]
    if len(given) == 1:
        ((text, tune),) = given
        _write(path, lambda file: form.write(text, tune, file, **options))
    elif form is PDF and given:
        from abcgen.formats.score import book_pdf

        _write(
            path, lambda file: file.write(book_pdf((tune for _, tune in given), title=path.stem))
        )
    elif not given:
        expected = "1 or more tunes" if form is PDF else "a tune"
        raise UsageError(f"{path}: expected {expected}, found none")
    else:
        raise UsageError(
            f"{path}: a {form.name} file holds one tune, found {len(given)}; save each into a "
            "file of its own"
        )


def _read(tune: "Tune | str") -> "ReadTune":
    """Return a tune as it is read, of several voices the one that it is about."""
    from abcgen.notation.tune import read_tune

    return read_tune(tune) if isinstance(tune, str) else tune._read


def _book(texts: Iterable[str], number: bool) -> Iterator[bytes]:
    """Yield the parts of a tunebook."""
    from abcgen.notation.tunebook import numbered

    for place, text in enumerate(texts, start=1):
        text = text.strip("\n") + "\n"
        yield ("\n" * (place > 1) + (numbered(text, place) if number else text)).encode()


def _write(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a file that appears only when it is whole."""
    try:
        with temporary_beside(path) as temporary, temporary.open("wb") as file:
            fill(file)
    except OSError as error:
        raise AbcgenError(
            f"cannot write {path}: {error.strerror or error}; choose another place"
        ) from None
