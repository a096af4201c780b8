"""A whole book as one file: a PDF to print, or a tunebook in ABC."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.endings import ABC, PDF, Format
from abcgen.formats.folder import Rendered, make_folder
from abcgen.formats.moving import moved
from abcgen.music.notes import music_of
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import label_of
from abcgen.support.files import temporary_beside


def check_one_file(formats: Sequence[Format]) -> None:
    """Raise unless a book can be one file in the formats.

    Raises
    ------
    UsageError
        If a format holds one tune alone, or there are several of them.
    """
    names = " and ".join(form.name for form in formats)
    if len(formats) > 1:
        raise UsageError(f"one file has one format, found {names}; call it for each of them")
    if formats[0] not in (ABC, PDF):
        raise UsageError(f"a {names} file holds one tune; a book in one file can be pdf or abc")


def render_one_file(
    tunes: Iterable[str],
    path: Path,
    form: Format,
    *,
    jobs: int = 1,
    transpose: str | int | None = None,
) -> Iterator[Rendered]:
    """Write a book into one file, then yield what became of each tune.

    Parameters
    ----------
    tunes : iterable of str
        The texts of the tunes.
    path : Path
        The file; it appears only when it is whole, and not at all if no tune can be read.
    form : Format
        One that `check_one_file` takes.
    jobs : int
        Processes to share the work.
    transpose : str or int, optional
        A key, or semitones; see `abcgen.formats.moving.moved`.

    Yields
    ------
    Rendered
        One for each tune. A tune that cannot be read has a reason, and is not in the file.

    Raises
    ------
    AbcgenError
        If something that the format needs is not installed, or the file cannot be written.
    """
    form.require()
    make_folder(path.parent)
    good: list[tuple[str, Tune]] = []
    results = []
    readable = _readable_as(form)
    for place, text in enumerate(tunes, start=1):
        label = label_of(text)
        paths: tuple[Path, ...] = ()
        reason = ""
        try:
            text = text if transpose is None else moved(text, transpose)
            tune = read_tune(text)
            readable(tune)
        except AbcgenError as error:
            reason = str(error)
        else:
            good.append((text, tune))
            paths = (path,)
        results.append(Rendered(place, label.number, label.title, paths, reason))
    if good:
        data = _pdf(good, path.stem, jobs) if form is PDF else _abc(good)
        try:
            with temporary_beside(path) as temporary:
                temporary.write_bytes(data)
        except OSError as error:
            raise AbcgenError(f"cannot write {path}: {error.strerror or error}") from None
    yield from results


def _readable_as(form: Format) -> Callable[[Tune], object]:
    """Return what raises, and soon, for a tune that does not fit into a book of a format."""
    if form is PDF:
        from abcgen.formats.mei import mei_of

        return mei_of
    return music_of


def _abc(tunes: list[tuple[str, Tune]]) -> bytes:
    return "\n".join(text.strip("\n") + "\n" for text, _ in tunes).encode()


def _pdf(tunes: list[tuple[str, Tune]], title: str, jobs: int) -> bytes:
    from abcgen.formats.score import book_pdf

    return book_pdf([tune for _, tune in tunes], title=title, jobs=jobs)
