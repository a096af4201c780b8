"""A tunebook to a folder of MIDI files, one a tune: the `abcgen.render` command."""

import argparse
import concurrent.futures
import itertools
import os
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from abcgen.cli import CommandParser, guarded, real_number, whole_number
from abcgen.errors import AbcgenError, CorpusError, UsageError
from abcgen.formats.midi import midi_of
from abcgen.grammar.spelling import plain_text
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.tempo import FASTEST, SLOWEST
from abcgen.notation.tune import read_tune, split_tunebook
from abcgen.support.files import temporary_beside
from abcgen.tunebooks.names import decode_tunebook, read_tunebook

_COMMAND = "abcgen.render"
_STDIN = "-"
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
_MANY_TUNES = 100  # from here on progress is shown
_PROGRESS_SECONDS = 10.0


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
    instrument: str | int


def render(
    tunes: str | Iterable[str],
    out: Path,
    *,
    jobs: int = 1,
    qpm: float | None = None,
    instrument: str | int = DEFAULT_INSTRUMENT,
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
    instrument : str or int
        What plays the melodies; see `abcgen.music.instruments.program_of`.

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
        number = re.search(r"^[ \t]*X:[ \t]*(.*)$", text, re.MULTILINE)
        title = re.search(r"^[ \t]*T:[ \t]*(.*)$", text, re.MULTILINE)
        x, t = (match[1].split("%")[0].strip() if match else "" for match in (number, title))
        wanted = name = file_name(x, t)
        while name in taken:
            times[wanted] = times.get(wanted, 1) + 1
            name = f"{wanted}-{times[wanted]}"
        taken.add(name)
        yield text, Rendered(place, x, t, out / (name + _SUFFIX))


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


def _progress(results: Iterator[Rendered], total: int) -> Iterator[Rendered]:
    """Pass results on and show on stderr how far they are, where there are many."""
    if total < _MANY_TUNES or (sys.stderr.isatty() and sys.stdout.isatty()):
        yield from results  # the paths themselves, on the same terminal, show it
    elif sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(results, total=total, unit="tune", file=sys.stderr)
    else:
        said = time.monotonic()
        for result in results:
            yield result
            if time.monotonic() - said >= _PROGRESS_SECONDS:
                said = time.monotonic()
                _say(f"{result.place} of {total} tunes")


def _say(message: str) -> None:
    print(f"{_COMMAND}: {' '.join(message.split())}", file=sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.render`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Write one MIDI file for each tune of a tunebook. The files' paths go to "
        "stdout, one a line; tunes that cannot be read are named on stderr.",
    )
    parser.add_argument("book", metavar="FILE", help=f"a tunebook in ABC; {_STDIN} reads stdin")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=DEFAULT_OUT,
        help=f"the folder for the files, {DEFAULT_OUT} unless given; files of a same name there "
        "are replaced",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1),
        metavar="J",
        help=f"processes; unless given, one for every {_TUNES_PER_JOB} tunes, as many as there "
        "are processors at most",
    )
    parser.add_argument(
        "--qpm",
        type=real_number(SLOWEST, FASTEST),
        metavar="Q",
        help="tempo in quarter notes a minute; unless given, the tune's own (Q:), or what suits "
        "its rhythm (R:) or metre",
    )
    parser.add_argument(
        "--instrument",
        metavar="I",
        default=DEFAULT_INSTRUMENT,
        help="what plays the melody: a General MIDI name or its number, 1 to 128; "
        f"{DEFAULT_INSTRUMENT} unless given",
    )
    return parser


def _run(arguments: argparse.Namespace) -> int:
    program_of(arguments.instrument)  # wrong usage is told before anything is read
    if arguments.book == _STDIN:
        if sys.stdin is None:
            raise UsageError("stdin is closed; give a file, or a tunebook on stdin")
        text = decode_tunebook(sys.stdin.buffer.read())
    elif Path(arguments.book).is_dir() or not Path(arguments.book).exists():
        what = "is a folder" if Path(arguments.book).is_dir() else "is not there"
        raise CorpusError(f"{arguments.book} {what}; expected a tunebook in ABC, or - for stdin")
    else:
        text = read_tunebook(Path(arguments.book))
    texts = list(split_tunebook(text))
    if not texts:
        raise CorpusError(f"{arguments.book} holds no tune: no line begins with X:")
    jobs = arguments.jobs or max(1, min(len(texts) // _TUNES_PER_JOB, os.cpu_count() or 1))
    results = render(
        texts, arguments.out, jobs=jobs, qpm=arguments.qpm, instrument=arguments.instrument
    )
    failed = 0
    for result in _progress(results, len(texts)):
        if result.reason:
            failed += 1
            where = f"tune {result.place} (X:{result.number[:_NUMBER_LENGTH]}, {result.title!r})"
            _say(f"{where} is left out: {result.reason}")
        else:
            print(result.path)
    written = len(texts) - failed
    _say(f"{written} of {len(texts)} tunes written to {arguments.out}")
    return 1 if failed else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.render`; return its exit code."""
    return guarded(_COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
