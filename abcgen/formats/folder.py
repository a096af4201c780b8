"""A book as a folder: files of each tune, named by its number and title."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from abcgen.errors import AbcgenError
from abcgen.formats.endings import FORMATS, Format, warnings_for
from abcgen.formats.moving import read_moved
from abcgen.grammar.titles import plain_text
from abcgen.music.instruments import program_of
from abcgen.notation.tune import Tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.notation.warned import Warned
from abcgen.support.files import temporary_beside
from abcgen.support.processes import finishing, in_order, num_processors, workers

_TITLE_LENGTH = 60  # characters of a file name that the title may take; a name has 255 bytes
NUMBER_LENGTH = 9  # digits of X: that a file name takes; a longer number is a typing mistake
#: Letters that do not come apart into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)

_MOST_PER_TASK = 16  # tunes that a worker gets at a time
_TASKS_A_JOB = 4  # that a process should get at least, so that all end at the same time
_TASKS_AHEAD = 4  # tasks under way for each worker, so that a big book is never all in memory
_IN_MEMORY = 1 << 23  # bytes of a file that is being made; what is larger waits on the disk


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of one tune.

    Attributes
    ----------
    place : int
        The tune's place in the book, from 1.
    number : str
        Its reference number (X:) as written, or an empty string.
    title : str
        Its first title, or an empty string.
    paths : tuple of Path
        The files that were written, in the order of the formats.
    reason : str
        Why some or all of them were not written, or an empty string.
    warnings : tuple of Warned
        What is not certain of what was read.
    """

    place: int
    number: str
    title: str
    paths: tuple[Path, ...] = ()
    reason: str = ""
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be made of each tune."""

    out: Path
    formats: tuple[Format, ...]
    transpose: str | int | None
    voice: str | None
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Work:
    """A tune's text, what is known of it before it is read, and the name of its files."""

    text: str
    tune: Rendered
    name: str


def render(
    tunes: str | Iterable[str],
    out: Path,
    formats: Sequence[Format] = (FORMATS["midi"],),
    *,
    jobs: int = 1,
    transpose: str | int | None = None,
    voice: str | None = None,
    **options: Any,
) -> Iterator[Rendered]:
    """Write the files of each tune and yield what became of it, in the order of the tunes.

    Parameters
    ----------
    tunes : str or iterable of str
        A tunebook, or the texts of its tunes.
    out : Path
        The folder for the files; made if missing. Files of the same names are replaced.
    formats : sequence of Format
        Each tune gets a file in each of them.
    jobs : int
        Processes to share the work, 1 or more; 1 works in this process. The files are the
        same whatever the number.
    transpose : str or int, optional
        A key, or semitones; see `abcgen.formats.moving.moved`.
    voice : str, optional
        Which of several voices is the melody; see `abcgen.notation.tune.read_tune`.
    **options
        Of the formats, such as ``qpm``; each takes those that it knows.

    Yields
    ------
    Rendered
        One for each tune. A tune that cannot be read has a reason and does not stop the others.

    Raises
    ------
    AbcgenError
        If something that a format needs is not installed, `out` is not a folder or is full, or a
        worker process died.
    UsageError
        If the instrument is unknown.
    """
    if options.get("instrument") is not None:
        program_of(options["instrument"])
    for form in formats:
        form.require()
    work = _named(split_tunebook(tunes) if isinstance(tunes, str) else tunes)
    wanted = _Wanted(out, tuple(formats), transpose, voice, options)
    render_some = partial(_render_some, wanted=wanted)
    with made_folder(out), workers(jobs) as executor:
        yield from in_order(render_some, _tasks(work, formats), executor, ahead=jobs * _TASKS_AHEAD)


def worthwhile_jobs(formats: Iterable[Format], count: int) -> int:
    """Return how many processes are worth starting for so many tunes."""
    return max(1, min(count // _tunes_per_job(formats), num_processors()))


def _tunes_per_job(formats: Iterable[Format]) -> int:
    return min(form.tunes_per_job for form in formats)


def file_name(number: str, title: str) -> str:
    """Return a file name, without its ending, that every file system takes.

    Only lower-case ASCII letters, digits and hyphens are in it, and it begins with digits, so
    that it is never a reserved name (``con``, ``nul``): ``0012-the-kesh``.
    """
    digits = re.match(r"\d*", number, re.ASCII)
    shown = (digits.group() if digits else "").lstrip("0")[:NUMBER_LENGTH].zfill(4)
    plain = plain_text(title.lower().translate(_LETTERS)).lower().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_TITLE_LENGTH].strip("-")
    return f"{shown}-{slug or 'untitled'}"


def _named(texts: Iterable[str]) -> Iterator[_Work]:
    """Yield each tune with a name of its own for its files."""
    times: dict[str, int] = {}  # how often each name was wanted
    taken: set[str] = set()
    for place, text in enumerate(texts, start=1):
        number, title = label_of(text)
        wanted = name = file_name(number, title)
        while name in taken:
            times[wanted] = times.get(wanted, 1) + 1
            name = f"{wanted}-{times[wanted]}"
        taken.add(name)
        yield _Work(text, Rendered(place, number, title), name)


@contextmanager
def made_folder(out: Path) -> Iterator[None]:
    """Make a folder first, so that one that cannot be made is reported before any work is done.

    A new one that nothing was written into is removed at the end.

    Raises
    ------
    AbcgenError
        If it is a file, cannot be made, or may not be written to.
    """
    if out.exists() and not out.is_dir():
        raise AbcgenError(f"{out} is a file; --out needs a folder")
    new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AbcgenError(f"the folder {out} cannot be made: {error.strerror}") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise AbcgenError(f"the folder {out} cannot be written to; choose another with --out")
    try:
        yield
    finally:
        if new:
            with suppress(OSError):  # it has files
                out.rmdir()


def _tasks(work: Iterator[_Work], formats: Iterable[Format]) -> Iterator[list[_Work]]:
    """Yield the tunes in tasks for workers."""
    size = max(1, min(_tunes_per_job(formats) // _TASKS_A_JOB, _MOST_PER_TASK))
    while task := list(islice(work, size)):
        yield task


def _render_some(task: list[_Work], wanted: _Wanted) -> Iterator[Rendered]:
    """Do one task."""
    for work in task:
        yield _render_one(work, wanted)


def _render_one(work: _Work, wanted: _Wanted) -> Rendered:
    """Write the files of one tune, each whole or not at all."""
    try:
        text, tune = read_moved(work.text, wanted.transpose, wanted.voice)
    except AbcgenError as error:
        return replace(work.tune, reason=str(error))
    paths: list[Path] = []
    failed: dict[str, list[str]] = {}  # reason -> formats
    for form in wanted.formats:
        path = wanted.out / (work.name + form.ending)
        try:
            _write(form, text, tune, path, form.among(wanted.options))
        except OSError as error:
            raise AbcgenError(f"cannot write {path}: {error.strerror or error}") from None
        except AbcgenError as error:
            failed.setdefault(str(error), []).append(form.name)
        else:
            paths.append(path)
    if len(failed) == 1 and not paths:
        return replace(work.tune, reason=next(iter(failed)))
    reasons = [f"no {' and '.join(names)}: {reason}" for reason, names in failed.items()]
    return replace(
        work.tune,
        paths=tuple(paths),
        reason="; ".join(reasons),
        warnings=warnings_for(tune, wanted.formats),
    )


def _write(form: Format, text: str, tune: Tune, path: Path, options: dict[str, Any]) -> None:
    """Write one file.

    It is made where nothing is left of it if the process is ended, since that may take long; what
    a worker must finish is only the copy under its name.
    """
    with SpooledTemporaryFile(_IN_MEMORY, dir=str(path.parent)) as made:
        form.write(text, tune, made, **options)
        made.seek(0)
        with finishing(), temporary_beside(path) as temporary, temporary.open("wb") as file:
            shutil.copyfileobj(made, file)
