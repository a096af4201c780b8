"""A book as a folder: one MIDI file a tune, named by number and title."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from abcgen.errors import AbcgenError
from abcgen.formats.midi import midi_of
from abcgen.grammar.spelling import plain_text
from abcgen.music.instruments import program_of
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.support.files import temporary_beside
from abcgen.support.processes import finishing, in_order, workers

DEFAULT_OUT = Path("midi")

_SUFFIX = ".mid"
_TITLE_LENGTH = 60  # characters of a file name that the title may take; a name has 255 bytes
_NUMBER_LENGTH = 9  # digits of X: that a file name takes; a longer number is a typing mistake
#: Letters that do not come apart into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)

_TUNES_PER_TASK = 16  # a worker gets this many at a time
_TASKS_AHEAD = 4  # tasks under way for each worker, so that a big book is never all in memory
_TUNES_PER_JOB = 1000  # for fewer it is not worth starting another process


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
    path : Path
        The MIDI file, which was written if `reason` is empty.
    reason : str
        Why the tune could not be rendered, or an empty string.
    """

    place: int
    number: str
    title: str
    path: Path
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Options:
    """How each tune is to be played."""

    qpm: float | None
    instrument: str | int | None


def render(
    tunes: str | Iterable[str],
    out: Path,
    *,
    jobs: int = 1,
    qpm: float | None = None,
    instrument: str | int | None = None,
) -> Iterator[Rendered]:
    """Write one MIDI file a tune and yield what became of each, in the order of the tunes.

    Parameters
    ----------
    tunes : str or iterable of str
        A tunebook, or the texts of its tunes.
    out : Path
        The folder for the files; made if missing. Files of the same names are replaced.
    jobs : int
        Processes to share the work, 1 or more; 1 works in this process. The files are the
        same whatever the number.
    qpm : float, optional
        Tempo in quarter notes a minute for all tunes; else each has its own.
    instrument : str or int, optional
        What plays the melodies; see `abcgen.music.performance.perform`.

    Yields
    ------
    Rendered
        One for each tune. A tune that cannot be read has a reason and does not stop the others.

    Raises
    ------
    AbcgenError
        If `out` is not a folder, or a worker process died.
    UsageError
        If the instrument is unknown.
    """
    if instrument is not None:
        program_of(instrument)
    _make_folder(out)
    work = _named(split_tunebook(tunes) if isinstance(tunes, str) else tunes, out)
    render_some = partial(_render_some, options=_Options(qpm, instrument))
    with workers(jobs) as executor:
        yield from in_order(render_some, _tasks(work), executor, ahead=jobs * _TASKS_AHEAD)


def file_name(number: str, title: str) -> str:
    """Return a file name, without its ending, that every file system takes.

    Only lower-case ASCII letters, digits and hyphens are in it, and it begins with digits, so
    that it is never a reserved name (``con``, ``nul``): ``0012-the-kesh``.
    """
    digits = re.match(r"\d*", number, re.ASCII)
    shown = (digits.group() if digits else "").lstrip("0")[:_NUMBER_LENGTH].zfill(4)
    plain = plain_text(title.lower().translate(_LETTERS)).lower().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_TITLE_LENGTH].strip("-")
    return f"{shown}-{slug or 'untitled'}"


def _named(texts: Iterable[str], out: Path) -> Iterator[tuple[str, Rendered]]:
    """Yield each tune's text and what is known of it before it is read, its file included."""
    times: dict[str, int] = {}  # how often each name was wanted
    taken: set[str] = set()
    for place, text in enumerate(texts, start=1):
        number, title = label_of(text)
        wanted = name = file_name(number, title)
        while name in taken:
            times[wanted] = times.get(wanted, 1) + 1
            name = f"{wanted}-{times[wanted]}"
        taken.add(name)
        yield text, Rendered(place, number, title, out / (name + _SUFFIX))


def _make_folder(out: Path) -> None:
    """Make the folder, so that one that cannot be made is reported before any work is done."""
    if out.exists() and not out.is_dir():
        raise AbcgenError(f"{out} is a file; --out needs a folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AbcgenError(f"the folder {out} cannot be made: {error.strerror}") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise AbcgenError(f"the folder {out} cannot be written to; choose another with --out")


def _render_one(text: str, tune: Rendered, options: _Options) -> Rendered:
    """Write the file of one tune, whole or not at all."""
    try:
        data = midi_of(read_tune(text), qpm=options.qpm, instrument=options.instrument)
    except AbcgenError as error:
        return Rendered(tune.place, tune.number, tune.title, tune.path, str(error))
    with finishing(), temporary_beside(tune.path) as temporary:
        temporary.write_bytes(data)
    return tune


def _tasks(work: Iterator[tuple[str, Rendered]]) -> Iterator[list[tuple[str, Rendered]]]:
    """Yield the tunes in tasks for workers."""
    while task := list(islice(work, _TUNES_PER_TASK)):
        yield task


def _render_some(task: list[tuple[str, Rendered]], options: _Options) -> Iterator[Rendered]:
    """Do one task."""
    for text, tune in task:
        yield _render_one(text, tune, options)
