"""Tunebooks to tunes in one spelling, split by their own content, near-duplicates set aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from abcgen.errors import CorpusError, NotationError
from abcgen.grammar.faults import NotCanonicalError
from abcgen.grammar.spelling import canonical, spell
from abcgen.melodies.duplicates import DuplicateFinder, content_hash, melody_steps
from abcgen.music.notes import music_of
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import numbered, split_tunebook
from abcgen.tunebooks.names import find_tunebooks, read_tunebook

#: The share of tunes in each split, in percent.
SPLITS = {"train": 90, "validation": 5, "test": 5}


#: Rhythms by the names that tunebooks have for them in file names and identifiers.
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


#: What a reason says of one tune alone: quoted text, values of fields, numbers.
_OWN = re.compile(r"'[^']*'|(?<=\b[A-Z]:)\S+|\d+(/\d+)?")


_NO_BOOK = "a file is no tunebook"


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
        The tune in abcgen's spelling, with X:1 and without a blank line behind it.
    split : str
        ``train``, ``validation`` or ``test``.
    book : int
        Which of the names and paths that were read it came with, from 0.
    """

    source: str
    number: int
    title: str
    text: str
    split: str
    book: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A tune that was left out, and why; ``kind`` is the reason without what is its own."""

    source: str
    number: int
    title: str
    reason: str
    kind: str = ""


@dataclass(slots=True)
class Corpus:
    """The tunes of some tunebooks, and those that were left out.

    ``rejected`` are those that abcgen cannot read, ``repeated`` those that repeat another tune.
    """

    tunes: list[CorpusTune] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    repeated: list[Rejected] = field(default_factory=list)

    def split(self, name: str) -> list[str]:
        """Return the texts of the tunes of one split."""
        return [tune.text for tune in self.tunes if tune.split == name]


def read_corpus(names_or_paths: Sequence[str], *, valid: bool = True) -> Corpus:
    """Read tunebooks.

    Parameters
    ----------
    names_or_paths : sequence of str
        Corpora by name, files, folders. The order matters for near-duplicates alone: the first
        of them stays.
    valid : bool
        Whether to take only tunes that have a canonical spelling, see
        `abcgen.grammar.spelling.canonical`; else all that can be read, as `spell` writes them.

    Raises
    ------
    CorpusError
        If a name or path is unknown, or a file that was named is empty, no text or no ABC.
    """
    corpus = Corpus()
    finder = DuplicateFinder()
    for book, name in enumerate(names_or_paths):
        files = find_tunebooks(name)
        for file in files:
            try:
                texts = list(split_tunebook(read_tunebook(file)))
                if not texts:
                    raise CorpusError(f"{file}: no line begins with X:, so this is no ABC tunebook")
            except CorpusError as error:
                if len(files) == 1:
                    raise
                # One bad file does not lose a folder.
                corpus.rejected.append(Rejected(str(file), 0, "", str(error), _NO_BOOK))
                continue
            for text in texts:
                _add(corpus, finder, book, file, text, valid)
    return corpus


def _add(
    corpus: Corpus, finder: DuplicateFinder, book: int, file: Path, text: str, valid: bool
) -> None:
    number, title = _label(text)
    try:
        tune = read_tune(text)
        spelled = (canonical if valid else spell)(tune, _rhythm(tune, file))
        steps = melody_steps(music_of(tune).notes)
    except NotationError as error:
        corpus.rejected.append(Rejected(str(file), number, title, str(error), _kind(error)))
        return
    earlier = finder.add(steps)
    if earlier is not None:
        first = corpus.tunes[earlier]
        reason = f"it repeats {first.title!r} (X:{first.number} of {Path(first.source).name})"
        corpus.repeated.append(Rejected(str(file), number, title, reason))
        return
    split = split_of(content_hash(steps))
    corpus.tunes.append(CorpusTune(str(file), number, title, spelled, split, book))


def _kind(error: NotationError) -> str:
    """Return what reasons of one kind have in common."""
    if isinstance(error, NotCanonicalError):
        return error.fault.kind
    return _OWN.sub("...", str(error))


def split_of(content: int) -> str:
    """Return the split of a tune from the hash of its own melody, whatever else there is."""
    percent = content % 100
    for name, share in SPLITS.items():
        if percent < share:
            return name
        percent -= share
    raise ValueError("the shares of the splits do not add up to 100")


def _label(text: str) -> tuple[int, str]:
    """Return number and title even of a tune that cannot be read."""
    number = re.search(r"X:\s*(\d+)", text)
    title = re.search(r"^T:\s*(.*)$", text, re.MULTILINE)
    return int(number[1]) if number else 0, title[1].strip() if title else ""


def _rhythm(tune: Tune, file: Path) -> str | None:
    """Return the rhythm that a tune without R: has by its identifier or its file's name."""
    identifier = _IDENTIFIER.search(tune.field("Z") or "")
    if identifier:
        return _RHYTHMS.get(identifier[1])
    name = _FILE_NAME.fullmatch(file.stem.lower())
    return _RHYTHMS[name[1]] if name else None


def numbered_book(texts: Sequence[str]) -> str:
    """Join tunes in abcgen's spelling into one tunebook, numbered from X:1."""
    return "\n".join(numbered(text, number) for number, text in enumerate(texts, start=1))
