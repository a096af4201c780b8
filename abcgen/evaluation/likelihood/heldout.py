"""Which tunes are judged, and which the baselines learn from."""

from collections.abc import Sequence
from dataclasses import dataclass

from abcgen.errors import CorpusError, UsageError
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.form import read_sections
from abcgen.notation.tokens import read_group
from abcgen.notation.tune import read_tune
from abcgen.tunebooks.corpus import SPLITS, Corpus, CorpusTune, read_corpus
from abcgen.tunebooks.names import find_tunebooks

ALL = "all"
#: What `--split` may be.
CHOICES = ("test", "validation", ALL)
_TRAINING = "train"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Tunes to judge, and to learn from.

    Attributes
    ----------
    books : dict of str to list of str
        Each book's tunes that are judged, by the name it was given by; canonical texts.
    training : list of str
        The tunes that baselines learn from.
    corpus : Corpus
        All of the tunes of all of the books that were read.
    unknown : int
        Tunes left out because the network does not know one of their characters.
    """

    books: dict[str, list[str]]
    training: list[str]
    corpus: Corpus
    unknown: int

    @property
    def tunes(self) -> list[str]:
        """The tunes that are judged, of all books."""
        return [tune for tunes in self.books.values() for tune in tunes]


def read_heldout(
    books: Sequence[str], train_on: Sequence[str], split: str, vocabulary: Vocabulary
) -> HeldOut:
    """Read books, and divide their tunes into those to judge and those to learn from.

    Parameters
    ----------
    books : sequence of str
        Whose tunes are judged: corpora by name, files, folders.
    train_on : sequence of str
        Whose training split the baselines learn from.
    split : str
        Which tunes of `books` are judged, one of `CHOICES`.
    vocabulary : Vocabulary
        The network's.

    Raises
    ------
    CorpusError
        If a book cannot be read, or nothing is left to judge or to learn from.
    UsageError
        If a tune would be judged that the baselines learn from.

    Notes
    -----
    All are read as one corpus, `train_on` first: so a tune of `books` that nearly repeats one of
    `train_on`, in whatever split, is left out and not judged.
    """
    corpus = read_corpus(list(dict.fromkeys([*train_on, *books])))
    sources = [{str(file) for file in find_tunebooks(name)} for name in train_on]
    learned = set[str]().union(*sources)

    def known(tune: CorpusTune) -> bool:
        return set(tune.text) <= vocabulary.char2idx.keys()

    training = [t for t in corpus.tunes if t.source in learned and t.split == _TRAINING]
    judged: dict[str, list[CorpusTune]] = {}
    for name in dict.fromkeys(books):
        files = {str(file) for file in find_tunebooks(name)}
        judged[name] = [t for t in corpus.tunes if t.source in files and split in (t.split, ALL)]
    found = [tune for tunes in judged.values() for tune in tunes]
    if split == ALL and any(t.source in learned for t in found):
        raise UsageError(
            "--split all would judge the very tunes that the baselines learn from; "
            "name other books with --train-on"
        )
    heldout = HeldOut(
        {name: [t.text for t in tunes if known(t)] for name, tunes in judged.items()},
        [tune.text for tune in training if known(tune)],
        corpus,
        sum(not known(tune) for tune in {id(t): t for t in [*training, *found]}.values()),
    )
    if not heldout.training:
        raise CorpusError(f"no tune of {', '.join(train_on)} is there for baselines to learn from")
    for name, tunes in heldout.books.items():
        if not tunes:
            share = "" if split == ALL else f" in the {split} split ({SPLITS[split]} % of a book)"
            raise CorpusError(
                f"{name} has no tune to judge{share}; {len(corpus.rejected)} have no canonical "
                f"spelling, {len(corpus.repeated)} repeat others, {heldout.unknown} hold "
                f"characters the network does not know"
            )
    return heldout


def notes_of(tune: str) -> int:
    """Count the notes of a tune as they stand on the page.

    Every note of a group such as ``[CEG]`` counts, and both of two that are tied; a repeat is
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
