"""A book as a folder: one MIDI file a tune, named by number and title."""

import concurrent.futures
import itertools
import os
import re
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from abcgen.errors import AbcgenError
from abcgen.formats.midi import midi_of
from abcgen.grammar.spelling import plain_text
from abcgen.music.instruments import program_of
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.support.files import temporary_beside

DEFAULT_OUT = Path("midi")


_SUFFIX = ".mid"


_TITLE_LENGTH = 60  # characters of a file name that the title may take; a name has 255 bytes


_NUMBER_LENGTH = 9  # digits of X: that a file name takes; what is longer is a slip of the pen


#: Letters that do not come apart into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)


_TUNES_PER_TASK = 16  # a worker gets this many at a time


_TASKS_AHEAD = 4  # tasks a worker may have waiting, so that a big book is never all in flight


_TUNES_PER_JOB = 1000  # fewer are done before another process has started


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
        If `out` is no folder, or a worker process died.
    UsageError
        If the instrument is unknown.
    """
    if instrument is not None:
        program_of(instrument)
    _make_folder(out)
    work = _named(split_tunebook(tunes) if isinstance(tunes, str) else tunes, out)
    options = _Options(qpm, instrument)
    if jobs == 1:
        for text, tune in work:
            yield _render_one(text, tune, options)
    else:
        yield from _shared(work, options, jobs)


def file_name(number: str, title: str) -> str:
    """Return a file name, without its ending, that every file system takes.

    Only lower-case ASCII letters, digits and hyphens are in it, and it begins with digits, so
    that no reserved name (``con``, ``nul``) comes about: ``0012-the-kesh``.
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
    """Make the folder, so that a place where none can be is found before any work is done."""
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
    with temporary_beside(tune.path) as temporary:
        temporary.write_bytes(data)
    return tune


def _render_some(work: list[tuple[str, Rendered]], options: _Options) -> list[Rendered]:
    """Do one task of a worker process."""
    return [_render_one(text, tune, options) for text, tune in work]


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which ends its workers without a traceback from each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _shared(
    work: Iterator[tuple[str, Rendered]], options: _Options, jobs: int
) -> Iterator[Rendered]:
    """Share the work among processes; yield the results in the order of the tunes."""
    pool = concurrent.futures.ProcessPoolExecutor(jobs, initializer=_ignore_interrupts)
    waiting: deque[concurrent.futures.Future[list[Rendered]]] = deque()
    done = 0
    try:
        while True:
            while len(waiting) < jobs * _TASKS_AHEAD:
                task = list(itertools.islice(work, _TUNES_PER_TASK))
                if not task:
                    break
                waiting.append(pool.submit(_render_some, task, options))
            if not waiting:
                return
            for result in waiting.popleft().result():
                done += 1
                yield result
    except BrokenProcessPool:
        raise AbcgenError(
            f"a worker process died after {done} tunes (out of memory?); try --jobs 1"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
