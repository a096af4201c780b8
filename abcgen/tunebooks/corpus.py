"""Read tunebooks: tunes in one spelling, without near-duplicates, split by their content."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abcgen.errors import AbcgenError, NotationError
from abcgen.grammar.alphabet import NEWEST_EDITION
from abcgen.grammar.faults import NotCanonicalError
from abcgen.grammar.spelling import canonical, spell
from abcgen.melodies.duplicates import DuplicateFinder, content_hash
from abcgen.melodies.melody import played_steps
from abcgen.notation.form import read_sections
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import numbered
from abcgen.tunebooks.names import named_books

#: The share of tunes in each split, in percent.
SPLITS = {"train": 90, "validation": 5, "test": 5}

#: What tunebooks call a rhythm in file names and identifiers -> the rhythm.
_RHYTHMS = {
    "hornpipe": "hornpipe",
    "jig": "jig",
    "polka": "polka",
    "reel": "reel",
    "setdance": "set dance",
    "slide": "slide",
    "slip": "slip jig",
    "slipjig": "slip jig",
    "waltz": "waltz",
}
#: Cobb's tunebook has no R: but `Z: id:dc-reel-12`.
_IDENTIFIER = re.compile(r"id:\w+-([a-z]+)-")
#: The Nottingham database has its rhythms in file names: jigs.abc, reelsa-c.abc, waltzes.abc.
_FILE_NAME = re.compile(r"(jig|reel|waltz|slip|polka|hornpipe)(?:e?s)?(?:[a-z]-[a-z])?")

#: The parts of a reason that belong to one tune: quoted text, values of fields, numbers.
_OWN = re.compile(r"'[^']*'|(?<=\b[A-Z]:)\S+|\d+(/\d+)?")
_NOT_A_BOOK = "a file is not a tunebook"

#: Passes the tunes on as they are read, such as `abcgen.support.console.track`.
Track = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class CorpusTune:
    """A tune of a corpus.

    Attributes
    ----------
    source : str
        The file it came from.
    number : int
        Its reference number (X:) there.
    title : str
        Its title there.
    text : str
        The tune in abcgen's spelling, with X:1 and without a blank line after it.
    split : str
        ``train``, ``validation`` or ``test``.
    book : int
        The index of the name or path that it came from, among those that were read.
    """

    source: str
    number: int
    title: str
    text: str
    split: str
    book: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A tune that was left out; ``kind`` is the reason without what is particular to the tune."""

    source: str
    number: int
    title: str
    reason: str
    kind: str = ""


@dataclass(slots=True)
class Corpus:
    """The tunes of some tunebooks, and those that were left out.

    Attributes
    ----------
    tunes : list of CorpusTune
        In the order in which they were read.
    rejected : list of Rejected
        Tunes that abcgen cannot read, and files that are not tunebooks.
    repeated : list of Rejected
        Tunes that repeat an earlier one.
    warned : list of Rejected
        Not left out: what is not certain of tunes that were read, each with the line there.
    """

    tunes: list[CorpusTune] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    repeated: list[Rejected] = field(default_factory=list)
    warned: list[Rejected] = field(default_factory=list)

    def split(self, name: str) -> list[str]:
        """Return the texts of the tunes of one split."""
        return [tune.text for tune in self.tunes if tune.split == name]


def read_corpus(
    names_or_paths: Sequence[str],
    *,
    valid: bool = True,
    track: Track = iter,
    melody: str | None = None,
    voice: str | None = None,
    edition: int = NEWEST_EDITION,
) -> Corpus:
    """Read tunebooks.

    Parameters
    ----------
    names_or_paths : sequence of str
        Corpora by name, files, folders, or ``-`` for stdin. Their order matters only for
        near-duplicates: the first of them stays.
    valid : bool
        Whether to take only tunes that have a canonical spelling, see
        `abcgen.grammar.spelling.canonical`; else all that can be read, as `spell` writes them.
    track : callable, optional
        Takes the list of all tunes and yields them; so it can show the progress.
    melody : str, optional
        Of MIDI files, the track of the melody: its number from 1, or a part of its name.
    voice : str, optional
        Of tunes with several voices, the one to read; see `abcgen.notation.tune.read_tune`. Without
        it such tunes have no canonical spelling.
    edition : int
        The edition of the canonical spelling; for a network, that of its vocabulary.

    Raises
    ------
    CorpusError
        If a name or path is unknown, or a file that was named is empty, or is not text or ABC.
    UsageError
        If the only file has no such track.
    """
    corpus = Corpus()
    finder = DuplicateFinder()
    found = list(_find(names_or_paths, melody, corpus.warned))
    for book, file, text in track(found):
        if isinstance(text, AbcgenError):
            corpus.rejected.append(Rejected(str(file), 0, "", str(text), _NOT_A_BOOK))
        else:
            _add(corpus, finder, book, file, text, edition if valid else None, voice)
    return corpus


def _find(
    names_or_paths: Sequence[str], melody: str | None, warned: list[Rejected]
) -> Iterator[tuple[int, Path, str | AbcgenError]]:
    """Yield each tune with its book and file, or why a file of a folder is not a tunebook.

    Files that are damaged, and read up to there, are added to `warned`.
    """

    def doubted(file: Path, doubt: str) -> None:
        warned.append(Rejected(str(file), 1, "", doubt, _OWN.sub("...", doubt)))

    for book, name in enumerate(names_or_paths):
        for file, found in named_books(name, melody, doubted):
            for text in [found] if isinstance(found, AbcgenError) else found:
                yield book, file, text


def _add(
    corpus: Corpus,
    finder: DuplicateFinder,
    book: int,
    file: Path,
    text: str,
    edition: int | None,
    voice: str | None,
) -> None:
    """Add a tune to those that are taken, rejected or repeated; canonical by an edition, if any."""
    number, title = _label(text)
    try:
        tune = read_tune(text, voice)
        sections = read_sections(tune)
        rhythm = _rhythm(tune, file)
        spelled = (
            canonical(tune, rhythm, sections, edition) if edition else spell(tune, rhythm, sections)
        )
        steps = played_steps(sections)
    except NotationError as error:
        corpus.rejected.append(Rejected(str(file), number, title, str(error), _kind(error)))
        return
    earlier = finder.add(steps)
    if earlier is not None:
        first = corpus.tunes[earlier]
        reason = f"it repeats {first.title!r} (X:{first.number} of {Path(first.source).name})"
        corpus.repeated.append(Rejected(str(file), number, title, reason))
        return
    corpus.warned += [
        Rejected(str(file), number, title, str(warned), warned.what) for warned in tune.warnings
    ]
    split = split_of(content_hash(steps))
    corpus.tunes.append(CorpusTune(str(file), number, title, spelled, split, book))


def _kind(error: NotationError) -> str:
    """Return the part of a reason that it shares with others of its kind."""
    if isinstance(error, NotCanonicalError):
        return error.fault.kind
    return _OWN.sub("...", str(error))


def split_of(content: int) -> str:
    """Return the split of a tune: it depends on the hash of its melody alone."""
    percent = content % 100
    for name, share in SPLITS.items():
        if percent < share:
            return name
        percent -= share
    raise ValueError("the shares of the splits do not add up to 100")


def _label(text: str) -> tuple[int, str]:
    """Return the number and title of a tune, even if it cannot be read."""
    number = re.search(r"X:\s*(\d+)", text)
    title = re.search(r"^T:\s*(.*)$", text, re.MULTILINE)
    return int(number[1]) if number else 0, title[1].strip() if title else ""


def _rhythm(tune: Tune, file: Path) -> str | None:
    """Return the rhythm of a tune without R:, from its identifier or its file's name."""
    identifier = _IDENTIFIER.search(tune.field("Z") or "")
    if identifier:
        return _RHYTHMS.get(identifier[1])
    name = _FILE_NAME.fullmatch(file.stem.lower())
    return _RHYTHMS[name[1]] if name else None


def numbered_book(texts: Sequence[str]) -> str:
    """Join tunes in abcgen's spelling into one tunebook, numbered from X:1."""
    return "\n".join(numbered(text, number) for number, text in enumerate(texts, start=1))
