"""Which tunes are valid in the opinion of which referee."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from abcgen.errors import CorpusError
from abcgen.evaluation.referees import REFEREES, Referee
from abcgen.notation.tunebook import split_tunebook
from abcgen.support.processes import sharing
from abcgen.tunebooks.names import STDIN, find_tunebooks, read_stdin, read_tunebook

_TUNES_AT_ONCE = 100  # given to the referees, between which progress is shown
_ALL = "all of them"

#: Name of a referee -> for each tune None, or why it is invalid.
Verdicts = dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class FoundTune:
    """A tune to judge.

    Attributes
    ----------
    source : str
        The file it came from.
    number : str
        Its reference number (X:) as it is written.
    title : str
        Its first title (T:), or an empty string.
    text : str
        The tune as it is written, from its X: line on.
    """

    source: str
    number: str
    title: str
    text: str

    @property
    def label(self) -> str:
        """The name of the tune in a report."""
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
        The referees; those that are not available are left out.
    jobs : int
        Processes to share the work, 1 or more; 1 works in this process.
    progress : callable, optional
        Called with the number of tunes judged so far.

    Returns
    -------
    dict of str to list
        For each referee, by name, and each tune: None, or why it is invalid.

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
    places = range(len(batches))
    jobs = min(jobs, len(batches))
    if jobs > 1:
        items = f"times {_TUNES_AT_ONCE} tunes"
        with sharing(_judge_batches, (batches, present), places, jobs, items) as judged:
            _gather(judged, verdicts, len(tunes), progress)
    else:
        _gather(_judge_batches(places, batches, present), verdicts, len(tunes), progress)
    return verdicts


def _judge_batches(
    places: Iterable[int], batches: Sequence[Sequence[str]], referees: Sequence[Referee]
) -> Iterator[Verdicts]:
    """Yield what referees say of some of the batches of tunes; the work of one process."""
    for place in places:
        yield {referee.name: referee.judge(batches[place]) for referee in referees}


def _gather(
    judged: Iterator[Verdicts],
    verdicts: Verdicts,
    tunes: int,
    progress: Callable[[int], None] | None,
) -> None:
    """Add what is said of each batch to what was said of those before."""
    done = 0
    for batch in judged:
        for name, said in batch.items():
            verdicts[name] += said
        done = min(done + _TUNES_AT_ONCE, tunes)
        if progress:
            progress(done)


def find_tunes(names_or_paths: Sequence[str]) -> list[FoundTune]:
    """Return the tunes of tunebooks, in order.

    Parameters
    ----------
    names_or_paths : sequence of str
        Files, folders or corpora, as for `abcgen.tunebooks.names.find_tunebooks`; ``-`` is stdin.

    Raises
    ------
    CorpusError
        If one of them cannot be read, or a file holds no tune.
    """
    tunes: list[FoundTune] = []
    for name in names_or_paths:
        if name == STDIN:
            tunes += _tunes_of("stdin", read_stdin())
            continue
        for path in find_tunebooks(name):
            tunes += _tunes_of(str(path), read_tunebook(path))
    return tunes


def _tunes_of(source: str, text: str) -> list[FoundTune]:
    """Return the tunes of one tunebook."""
    texts = list(split_tunebook(text))
    if not texts:
        raise CorpusError(f"{source} has no tune: no line begins with X:")
    return [FoundTune(source, _field(one, "X"), _field(one, "T"), one) for one in texts]


def _field(text: str, letter: str) -> str:
    """Return the first value of a field on one line; the tune need not be valid."""
    match = re.search(rf"^[ \t]*{letter}:([^%\n]*)", text, re.MULTILINE)
    return " ".join(match[1].split()) if match else ""


def summary(tunes: Sequence[object], verdicts: Verdicts) -> list[dict[str, object]]:
    """Return how many tunes are valid for each referee, and for all of them.

    Parameters
    ----------
    tunes : sequence
        The tunes that `judge` was given.
    verdicts : dict of str to list
        What it returned.

    Returns
    -------
    list of dict
        ``referee``, ``version``, ``tunes``, ``valid``, ``percent``; the last for all referees.
    """
    versions = {referee.name: referee.version() for referee in REFEREES if referee.name in verdicts}
    valid = {name: reasons.count(None) for name, reasons in verdicts.items()}
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
    """Return whether the tune at a place of the list is valid for every referee."""
    return all(reasons[place] is None for reasons in verdicts.values())
