"""A whole book as one file: a PDF to print, or a tunebook in ABC."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.endings import ABC, PDF, Format, warnings_for
from abcgen.formats.folder import Rendered, make_folder
from abcgen.formats.moving import read_moved
from abcgen.music.notes import music_of
from abcgen.notation.tune import Tune
from abcgen.notation.tunebook import Label, label_of
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
    voice: str | None = None,
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
    voice : str, optional
        Which of several voices is the melody; see `abcgen.notation.tune.read_tune`.

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
    labels: list[Label] = []
    good: dict[int, tuple[str, Tune]] = {}  # place -> text, and the same read
    reasons: dict[int, str] = {}  # place -> why it is not in the file
    for place, text in enumerate(tunes, start=1):
        labels.append(label_of(text))
        try:
            good[place] = read_moved(text, transpose, voice)
        except AbcgenError as error:
            reasons[place] = str(error)
    parts = _pdf(good, reasons, path.stem, jobs) if form is PDF else _abc(good, reasons)
    if len(reasons) < len(labels):
        try:
            with temporary_beside(path) as temporary, temporary.open("wb") as file:
                file.writelines(parts)
        except OSError as error:
            raise AbcgenError(f"cannot write {path}: {error.strerror or error}") from None
    for place, label in enumerate(labels, start=1):
        reason = reasons.get(place, "")
        warnings = () if reason else warnings_for(good[place][1], [form])
        yield Rendered(
            place, label.number, label.title, () if reason else (path,), reason, warnings
        )


def _abc(good: dict[int, tuple[str, Tune]], reasons: dict[int, str]) -> list[bytes]:
    """Return the tunes of a book in ABC; add the reasons of those that cannot be played."""
    parts: list[str] = []
    for place, (text, tune) in good.items():
        try:
            music_of(tune)
        except AbcgenError as error:
            reasons[place] = str(error)
        else:
            parts.append("\n" * bool(parts) + text.strip("\n") + "\n")
    return [part.encode() for part in parts]


def _pdf(
    good: dict[int, tuple[str, Tune]], reasons: dict[int, str], title: str, jobs: int
) -> list[bytes]:
    """Return a book as PDF; add the reasons of the tunes that cannot be drawn."""
    from abcgen.formats.score import book_pdf

    waiting = iter(good.items())  # they are told of in their order

    def left_out(tune: Tune, reason: AbcgenError) -> None:
        place = next(place for place, (_, other) in waiting if other == tune)
        reasons[place] = str(reason)

    tunes = (tune for _, tune in good.values())
    before = len(reasons)
    try:
        return [book_pdf(tunes, title=title, jobs=jobs, left_out=left_out)]
    except AbcgenError:
        if len(reasons) - before < len(good):
            raise
        return []  # none can be drawn, and each has its reason
