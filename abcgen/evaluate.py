"""How valid tunes are for other programs, and how likely to a network: `abcgen.evaluate`."""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from abcgen.cli import CommandParser, guarded, whole_number
from abcgen.errors import AbcgenError, CorpusError, UsageError
from abcgen.likelihood import command as likelihood
from abcgen.notation.tune import split_tunebook
from abcgen.referees import REFEREES, Referee
from abcgen.tunebooks import decode_tunebook, find_tunebooks, read_tunebook

_COMMAND = "abcgen.evaluate"
_STDIN = "-"
_SHOWN = 10  # invalid tunes that are listed unless told otherwise
_TUNES_AT_ONCE = 200  # given to a referee, between which progress is shown
_PROGRESS_SECONDS = 10.0
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
    progress: Callable[[str, int], None] | None = None,
) -> Verdicts:
    """Let referees judge tunes.

    Parameters
    ----------
    tunes : sequence of str
        The text of each tune, from its X: line on.
    referees : sequence of Referee
        Who judges. Those that are not available are left out.
    progress : callable, optional
        Called with a referee's name and the tunes it has judged so far.

    Returns
    -------
    dict of str to list
        For each referee, by name, what it says of each tune: None, or why it is invalid.
    """
    verdicts: Verdicts = {}
    for referee in referees:
        if referee.available() is not None:
            continue
        said: list[str | None] = []
        for start in range(0, len(tunes), _TUNES_AT_ONCE):
            said += referee.judge(tunes[start : start + _TUNES_AT_ONCE])
            if progress:
                progress(referee.name, len(said))
        verdicts[referee.name] = said
    return verdicts


def find_tunes(names_or_paths: Sequence[str]) -> list[FoundTune]:
    """Return the tunes of tunebooks, in order.

    Parameters
    ----------
    names_or_paths : sequence of str
        Files, folders or corpora as `abcgen.tunebooks.find_tunebooks` takes them; ``-`` is stdin.

    Raises
    ------
    CorpusError
        If one of them cannot be read, or a file holds no tune.
    """
    tunes: list[FoundTune] = []
    for name in names_or_paths:
        if name == _STDIN:
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


def report(tunes: Sequence[FoundTune], verdicts: Verdicts, show: int) -> str:
    """Return the table of referees, then the tunes that are invalid, `show` of them at most."""
    rows = [["referee", "version", "tunes", "valid", "percent"]]
    for figures in summary(tunes, verdicts):
        rows.append([str(figures[name]) for name in rows[0][:-1]] + [f"{figures['percent']:.2f}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        f"{row[0]:{widths[0]}}  {row[1]:{widths[1]}}  "
        + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[2:], widths[2:], strict=True))
        for row in rows
    ]
    invalid = [place for place in range(len(tunes)) if not _valid(place, verdicts)]
    if show and invalid:
        lines.append("")
    for place in invalid[:show]:
        for name, said in verdicts.items():
            if said[place] is not None:
                lines.append(f"{tunes[place].label}: {name}: {said[place]}")
    if show and len(invalid) > show:
        lines.append(f"... and {len(invalid) - show} more (--show {len(invalid)} lists them all)")
    return "\n".join(lines)


def summary(tunes: Sequence[FoundTune], verdicts: Verdicts) -> list[dict[str, object]]:
    """Return how many tunes are valid for each referee, and for all of them."""
    versions = {referee.name: referee.version() for referee in REFEREES if referee.name in verdicts}
    valid = {name: said.count(None) for name, said in verdicts.items()}
    valid[_ALL] = sum(_valid(place, verdicts) for place in range(len(tunes)))
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


def _valid(place: int, verdicts: Verdicts) -> bool:
    return all(said[place] is None for said in verdicts.values())


def as_json(
    tunes: Sequence[FoundTune], verdicts: Verdicts, missing: dict[str, str]
) -> dict[str, object]:
    """Return everything, ready for JSON: figures, who is missing, and each tune's verdicts."""
    listed = [
        {
            "source": tune.source,
            "number": tune.number,
            "title": tune.title,
            "valid": _valid(place, verdicts),
            "verdicts": {
                name: {"valid": said[place] is None, "reason": said[place]}
                for name, said in verdicts.items()
            },
        }
        for place, tune in enumerate(tunes)
    ]
    return {"referees": summary(tunes, verdicts), "missing": missing, "tunes": listed}


class _Progress:
    """Shows on stderr how far the referees are: a bar on a terminal, else a line now and then."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.said = time.monotonic()

    def __call__(self, name: str, judged: int) -> None:
        message = f"{name}: {judged} of {self.total} tunes"
        if sys.stderr.isatty():
            # Rewritten in place, and wiped when the referee is through.
            end = "\r\x1b[K" if judged == self.total else ""
            print(f"\r{message}{end}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self.said >= _PROGRESS_SECONDS:
            self.said = time.monotonic()
            _say(message)


def _say(message: str) -> None:
    print(f"{_COMMAND}: {' '.join(message.split())}", file=sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.evaluate`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Say how many tunes of tunebooks are valid in the eyes of abcgen's own "
        "acceptor, which takes one spelling only, and of abc2midi, abcjs and music21, as many of "
        "them as are installed, and why the others are not; or how likely a network and other "
        "models of text find tunes that they did not learn from.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--validity", action="store_true", help="judge the tunes of FILES")
    what.add_argument(
        "--likelihood", action="store_true", help="judge a network by held-out tunes of FILES"
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help=f"a tunebook in ABC, a folder of them, or a corpus by name; {_STDIN} reads stdin",
    )
    parser.add_argument(
        "--show",
        type=whole_number(0),
        default=_SHOWN,
        metavar="N",
        help=f"list N invalid tunes at most, each with the reasons; {_SHOWN} unless given",
    )
    parser.add_argument(
        "--json", action="store_true", help="everything as JSON, all tunes with all verdicts"
    )
    likelihood.add_options(parser)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    if not (arguments.validity or arguments.likelihood):
        raise UsageError("FILES are judged with --validity or --likelihood (see --help)")
    if not arguments.files:
        option = "--validity" if arguments.validity else "--likelihood"
        raise UsageError(f"{option} needs a FILE to judge (see --help)")
    if arguments.likelihood:
        print(likelihood.run(arguments, _say))
        return 0
    tunes = find_tunes(arguments.files)
    missing = {r.name: reason for r in REFEREES if (reason := r.available()) is not None}
    for name, reason in missing.items():
        _say(f"left out: {name}: {reason}")
    verdicts = judge([tune.text for tune in tunes], REFEREES, progress=_Progress(len(tunes)))
    if not verdicts:
        raise AbcgenError("no referee is installed")
    if arguments.json:
        print(json.dumps(as_json(tunes, verdicts, missing), indent=2, ensure_ascii=False))
    else:
        print(report(tunes, verdicts, arguments.show))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.evaluate`; return its exit code."""
    arguments = build_parser().parse_args(argv)
    return guarded(_COMMAND, lambda: _run(arguments))


if __name__ == "__main__":
    sys.exit(main())
