"""Tunes to be judged, what referees say of them, and how many are valid."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from abcgen.errors import CorpusError
from abcgen.evaluation.referees import REFEREES, Referee
from abcgen.notation.tune import split_tunebook
from abcgen.support.processes import in_order, workers
from abcgen.tunebooks.names import decode_tunebook, find_tunebooks, read_tunebook

#: The name that stands for stdin.
STDIN = "-"
#: Tunes that the referees are given at once; after them progress is shown.
_TUNES_AT_ONCE = 100
_TASKS_AHEAD = 4  # tasks under way for each worker
_ALL = "all of them"

#: Referee's name -> for each tune None, or why it is invalid.
Verdicts = dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class FoundTune:
    """A tune to be judged.

    Attributes
    ----------
    source : str
        The file it came from.
    number : str
        Its reference number (X:) as it is written.
    title : str
        Its first title (T:), or an empty string.
    text : str
        The tune as it stands there, from its X: line on.
    """

    source: str
    number: str
    title: str
    text: str

    @property
    def label(self) -> str:
        """The tune as a line names it."""
        return f"{self.source}: X:{self.number} {self.title}".rstrip()


def judge(
    tunes: Sequence[str],
    referees: Sequence[Referee] = REFEREES,
    *,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Verdicts:
    """Let referees judge tunes.

    Parameters
    ----------
    tunes : sequence of str
        The text of each tune, from its X: line on.
    referees : sequence of Referee
        Who judges. Those that are not available are left out.
    jobs : int
        Processes to share the work, 1 or more; 1 works in this process.
    progress : callable, optional
        Called with the number of tunes judged so far.

    Returns
    -------
    dict of str to list
        For each referee, by name, what it says of each tune: None, or why it is invalid.

    Raises
    ------
    AbcgenError
        If a worker process died.
    """
    present = [referee for referee in referees if referee.available() is None]
    verdicts: Verdicts = {referee.name: [] for referee in present}
    batches = [
        tunes[start : start + _TUNES_AT_ONCE] for start in range(0, len(tunes), _TUNES_AT_ONCE)
    ]
    jobs = max(1, min(jobs, len(batches)))
    with workers(jobs) as executor:
        said_of_each = in_order(
            partial(_judge_batch, referees=present), batches, executor, ahead=jobs * _TASKS_AHEAD
        )
        for done, said in enumerate(said_of_each, start=1):
            for referee, reason in zip(present, said, strict=True):
                verdicts[referee.name].append(reason)
            if progress and (done % _TUNES_AT_ONCE == 0 or done == len(tunes)):
                progress(done)
    return verdicts


def _judge_batch(
    batch: Sequence[str], referees: Sequence[Referee]
) -> Iterator[tuple[str | None, ...]]:
    """Yield what each referee says of a tune, for each tune of a batch."""
    return zip(*(referee.judge(batch) for referee in referees), strict=True)


def find_tunes(names_or_paths: Sequence[str]) -> list[FoundTune]:
    """Return the tunes of tunebooks, in order.

    Parameters
    ----------
    names_or_paths : sequence of str
        Files, folders or corpora as `abcgen.tunebooks.names.find_tunebooks` takes them; ``-`` is
        stdin.

    Raises
    ------
    CorpusError
        If one of them cannot be read, or a file holds no tune.
    """
    tunes: list[FoundTune] = []
    for name in names_or_paths:
        if name == STDIN:
            tunes += _tunes_of("stdin", decode_tunebook(sys.stdin.buffer.read()))
            continue
        for path in find_tunebooks(name):
            tunes += _tunes_of(str(path), read_tunebook(path))
    return tunes


def _tunes_of(source: str, text: str) -> list[FoundTune]:
    """Return the tunes of one tunebook."""
    texts = list(split_tunebook(text))
    if not texts:
        raise CorpusError(f"{source} holds no tune: no line begins with X:")
    return [FoundTune(source, _field(one, "X"), _field(one, "T"), one) for one in texts]


def _field(text: str, letter: str) -> str:
    """Return a field's first value of a tune that may not be valid, on one line."""
    match = re.search(rf"^[ \t]*{letter}:([^%\n]*)", text, re.MULTILINE)
    return " ".join(match[1].split()) if match else ""


def summary(tunes: Sequence[object], verdicts: Verdicts) -> list[dict[str, object]]:
    """Return how many tunes are valid for each referee, and for all of them.

    `tunes` are those that `judge` was given.
    """
    versions = {referee.name: referee.version() for referee in REFEREES if referee.name in verdicts}
    valid = {name: said.count(None) for name, said in verdicts.items()}
    valid[_ALL] = sum(valid_for_all(place, verdicts) for place in range(len(tunes)))
    return [
        {
            "referee": name,
            "version": versions.get(name, ""),
            "tunes": len(tunes),
            "valid": count,
            "percent": round(100 * count / len(tunes), 2) if tunes else 0.0,
        }
        for name, count in valid.items()
    ]


def valid_for_all(place: int, verdicts: Verdicts) -> bool:
    """Say whether every referee takes the tune at a place of the list."""
    return all(said[place] is None for said in verdicts.values())
