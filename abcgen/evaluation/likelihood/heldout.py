"""Which tunes the models are judged by, and which ones the baselines learn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from abcgen.errors import CorpusError, UsageError
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.form import read_sections
from abcgen.notation.tokens import read_group
from abcgen.notation.tune import read_tune
from abcgen.tunebooks.corpus import SPLITS, Corpus, CorpusTune, read_corpus
from abcgen.tunebooks.names import find_tunebooks

ALL = "all"
#: The values of `--split`.
CHOICES = ("test", "validation", ALL)
_TRAINING = "train"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Tunes to judge the models by, and tunes to learn from.

    Attributes
    ----------
    books : dict of str to list of str
        For each book, by the name it was given, the canonical texts of the tunes to judge by.
    training : list of str
        The tunes that the baselines learn from.
    corpus : Corpus
        All tunes of all books that were read.
    unknown : int
        Tunes left out because the network does not know one of their characters.
    """

    books: dict[str, list[str]]
    training: list[str]
    corpus: Corpus
    unknown: int

    @property
    def tunes(self) -> list[str]:
        """The tunes to judge by, of all books."""
        return [tune for tunes in self.books.values() for tune in tunes]


def read_heldout(
    books: Sequence[str], train_on: Sequence[str], split: str, vocabulary: Vocabulary
) -> HeldOut:
    """Read books, and divide their tunes into those to judge by and those to learn from.

    Parameters
    ----------
    books : sequence of str
        The books to judge by: corpora by name, files, folders.
    train_on : sequence of str
        The books whose training split the baselines learn from.
    split : str
        Which tunes of `books` to judge by, one of `CHOICES`.
    vocabulary : Vocabulary
        The network's.

    Raises
    ------
    CorpusError
        If a book cannot be read, or no tunes are left to judge by or to learn from.
    UsageError
        If the baselines would learn from a tune that they are judged by.

    Notes
    -----
    All books are read as one corpus, `train_on` first. So a tune of `books` that is a
    near-duplicate of one in `train_on`, in whichever split, is left out. They are read by the
    edition of the spelling that the network learned: so each tune is in the split that it was in.
    """
    corpus = read_corpus(list(dict.fromkeys([*train_on, *books])), edition=vocabulary.edition)
    learned = _files_of(train_on)
    training = [t for t in corpus.tunes if t.source in learned and t.split == _TRAINING]
    judged: dict[str, list[CorpusTune]] = {}
    for name in dict.fromkeys(books):
        files = _files_of([name])
        judged[name] = [t for t in corpus.tunes if t.source in files and split in (t.split, ALL)]
    found = [tune for tunes in judged.values() for tune in tunes]
    if split == ALL and any(t.source in learned for t in found):
        raise UsageError(
            "--split all would judge by the very tunes that the baselines learn from; "
            "name other books with --train-on"
        )

    def known(tune: CorpusTune) -> bool:
        return set(tune.text) <= vocabulary.char2idx.keys()

    heldout = HeldOut(
        {name: [t.text for t in tunes if known(t)] for name, tunes in judged.items()},
        [tune.text for tune in training if known(tune)],
        corpus,
        sum(not known(tune) for tune in {id(t): t for t in [*training, *found]}.values()),
    )
    _check(heldout, train_on, split)
    return heldout


def _files_of(books: Iterable[str]) -> set[str]:
    """Return the files of books."""
    return {str(file) for name in books for file in find_tunebooks(name)}


def _check(heldout: HeldOut, train_on: Sequence[str], split: str) -> None:
    """Raise a CorpusError if there is nothing to learn from, or nothing to judge by."""
    if not heldout.training:
        raise CorpusError(
            f"{', '.join(train_on)}: there is no tune for the baselines to learn from"
        )
    for name, tunes in heldout.books.items():
        if not tunes:
            share = "" if split == ALL else f" in the {split} split ({SPLITS[split]} % of a book)"
            raise CorpusError(
                f"{name} has no tune to judge by{share}; left out: {len(heldout.corpus.rejected)} "
                f"without a canonical spelling, {len(heldout.corpus.repeated)} near-duplicates, "
                f"{heldout.unknown} with characters that the network does not know"
            )


def notes_of(tune: str) -> int:
    """Count the notes of a tune as they are written.

    Each note of a group such as ``[CEG]`` counts, and so does each of two tied notes; repeats are
    counted once. Rests and grace notes do not count.
    """
    return sum(
        len(read_group(token.text)[0]) if token.kind == "group" else 1
        for section in read_sections(read_tune(tune))
        for bars in [section.bars, *section.endings]
        for bar in bars
        for token in bar.tokens
        if token.kind in ("note", "group")
    )
