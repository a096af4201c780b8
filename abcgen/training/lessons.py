"""What a network learns from and is judged by: tunes, their versions, the vocabulary, the index."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from abcgen.errors import CorpusError
from abcgen.grammar.acceptor import NEEDED
from abcgen.grammar.alphabet import NEWEST_EDITION
from abcgen.grammar.style import with_style
from abcgen.melodies.index import NoveltyIndex
from abcgen.melodies.solo import phrases_of
from abcgen.model.checkpoint import Checkpoint, known_titles, lacks_of
from abcgen.model.plans.planner import Planner
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.network.transfer import grown_vocabulary
from abcgen.notation.tunebook import label_of
from abcgen.training.augmentation import Versions, versions_of
from abcgen.training.dataset import SnippetDataset, StreamDataset
from abcgen.training.encoding import EncodedTunes
from abcgen.tunebooks.corpus import Corpus, read_corpus
from abcgen.tunebooks.indexing import index_of

#: With fewer validation tunes than this, chance would choose the best epoch.
_FEW_TO_VALIDATE = 10
#: The fields of a header whose values a style has.
_HEADER = "RMLK"


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a network learns from, and is judged by.

    Attributes
    ----------
    corpus : Corpus
        Everything that was read; each tune names its style, if there are styles.
    training, validation : list of str
        The tunes to learn from and those to judge by.
    times : list of float
        How often each training tune is read in an epoch; empty where all are read once.
    versions : list of Versions
        The keys of each training tune; empty where tunes are not transposed.
    vocabulary : Vocabulary
        All characters of these, and those that any valid tune may need; and the styles.
    about : dict
        What the checkpoint says about the corpus.
    planner : Planner, optional
        Draws plans like those of the training tunes, where the network reads plans.
    titles : list of str
        Of all tunes of the corpus, and of those that the network knows from before.
    """

    corpus: Corpus
    training: list[str]
    validation: list[str]
    times: list[float]
    versions: list[Versions]
    vocabulary: Vocabulary
    about: dict[str, Any]
    planner: Planner | None = None
    titles: list[str] = field(default_factory=list)

    def index(self, base: Checkpoint | None) -> NoveltyIndex:
        """Return the index of all tunes that the network will have learned from.

        Parameters
        ----------
        base : Checkpoint, optional
            The checkpoint that training continues from; its tunes are in the index too.
        """
        index = index_of(self.corpus)
        if base is None:
            return index
        known = NoveltyIndex.load(base.novelty_file)
        # If it continues on the same tunes, there are no others to add.
        same = base.corpus["sha256"] == self.about["sha256"]
        return known if same else index.joined(known)


def read_lessons(
    names_or_paths: Sequence[str],
    recipe: Recipe,
    weights: Sequence[float] = (),
    base: Checkpoint | None = None,
    voice: str | None = None,
    styles: Sequence[str] = (),
    edition: int | None = None,
) -> Lessons:
    """Read the tunebooks to learn from; parameters as for `abcgen.training.run.train`.

    They are read by the edition of the spelling that the base learned, or by the newest, unless
    one is given.

    Raises
    ------
    CorpusError
        If they cannot be read or have too few tunes.
    """
    if edition is None:
        edition = base.vocabulary.edition if base else NEWEST_EDITION
    # A solo need not have a spelling that every player takes.
    corpus = read_corpus(names_or_paths, valid=not recipe.solos, voice=voice, edition=edition)
    if recipe.solos:
        return solo_lessons(corpus, names_or_paths)
    if styles:
        corpus.tunes = [
            replace(tune, text=with_style(tune.text, styles[tune.book])) for tune in corpus.tunes
        ]
    training, validation = _split(corpus)
    times = (
        [weights[tune.book] for tune in corpus.tunes if tune.split == "train"] if weights else []
    )
    versions = versions_of(training) if recipe.transposed else []
    transposed = (text for version in versions for text in version.texts)
    # Includes what any valid tune may need, even if every tune of a book ends with `:|`.
    text = "".join([END_OF_TUNE, *NEEDED, *(tune.text for tune in corpus.tunes), *transposed])
    known = base.vocabulary if base else Vocabulary.of(text, edition=edition)
    vocabulary = grown_vocabulary(known, text, headers_of(corpus, styles))
    about = describe_corpus(names_or_paths, corpus)
    if styles:
        about["styles"] = list(styles)
    if base:
        about["continues"] = {
            "checkpoint": base.label,
            "lacks": lacks_of(base),
            "books": base.corpus["books"],
        }
    if voice is not None:
        about["voice"] = voice
    if weights:
        about["weights"] = list(weights)
    planner = Planner.of_tunes(training, times) if recipe.planned else None
    titles = known_titles(base) if base else set()
    titles |= {label_of(tune.text).title for tune in corpus.tunes}
    return Lessons(
        corpus, training, validation, times, versions, vocabulary, about, planner, sorted(titles)
    )


def headers_of(corpus: Corpus, styles: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Return the values that the fields of headers have in the tunes of each style, sorted.

    Parameters
    ----------
    corpus : Corpus
        The tunes.
    styles : sequence of str
        The style of each of its books.
    """
    found: dict[str, dict[str, set[str]]] = {
        style: {letter: set() for letter in _HEADER} for style in styles
    }
    for tune in corpus.tunes if styles else ():
        for letter, value in re.findall(rf"^([{_HEADER}]):(.*)$", tune.text, re.MULTILINE):
            found[styles[tune.book]][letter].add(value)
    return {
        style: {letter: sorted(values) for letter, values in fields.items()}
        for style, fields in found.items()
    }


def solo_lessons(corpus: Corpus, names_or_paths: Sequence[str]) -> Lessons:
    """Return the lessons of a network of values: the phrases of tunes with chords.

    A single tune will do. One phrase of ten is to validate by; with fewer, all are.

    Raises
    ------
    CorpusError
        If no tune has chords.
    """
    phrases = [phrase for tune in corpus.tunes for phrase in phrases_of(tune.text)]
    if not phrases:
        unread = f" ({corpus.rejected[0].reason})" if corpus.rejected else ""
        raise CorpusError(
            f"none of {len(corpus.tunes)} tunes that can be read has chord symbols{unread}; a "
            "network of solos learns what notes are to their chords"
        )
    # What it must not copy, it has all learned from.
    corpus.tunes = [replace(tune, split="train") for tune in corpus.tunes]
    validation = phrases[_FEW_TO_VALIDATE - 1 :: _FEW_TO_VALIDATE]
    training = [one for n, one in enumerate(phrases, 1) if n % _FEW_TO_VALIDATE]
    about = describe_corpus(names_or_paths, corpus)
    vocabulary = Vocabulary.of("".join([END_OF_TUNE, *phrases]))
    return Lessons(corpus, training, validation or training, [], [], vocabulary, about)


def _split(corpus: Corpus) -> tuple[list[str], list[str]]:
    """Return the tunes to learn from and those to validate on."""
    training = corpus.split("train")
    validation = corpus.split("validation")
    if len(validation) < _FEW_TO_VALIDATE:  # then the test tunes join them
        validation = validation + corpus.split("test")
    if len(training) < 2 or not validation:
        raise CorpusError(
            f"the corpus is too short: {len(corpus.tunes)} tunes give {len(training)} to learn "
            f"from and {len(validation)} to validate on; use at least 40 tunes"
        )
    return training, validation


def describe_corpus(names_or_paths: Sequence[str], corpus: Corpus) -> dict[str, Any]:
    """Return what a checkpoint says about its corpus: books, counts, SHA-256 of the texts."""
    digest = hashlib.sha256()
    for tune in corpus.tunes:
        digest.update(f"{tune.split}\n{tune.text}\n".encode())
    return {
        "books": [Path(name).name for name in names_or_paths],
        "tunes": {name: len(corpus.split(name)) for name in ("train", "validation", "test")},
        "characters": sum(len(tune.text) + 1 for tune in corpus.tunes),
        "rejected": len(corpus.rejected),
        "repeated": len(corpus.repeated),
        "sha256": digest.hexdigest(),
    }


def datasets(
    recipe: Recipe, lessons: Lessons
) -> tuple[StreamDataset | SnippetDataset, StreamDataset]:
    """Return the datasets that a recipe's network learns from and is judged by."""
    size = (recipe.batch_size, recipe.seq_length)
    validation = EncodedTunes(
        lessons.validation, lessons.vocabulary, factored=recipe.factored, planned=recipe.planned
    )
    training = EncodedTunes(
        lessons.training,
        lessons.vocabulary,
        factored=recipe.factored,
        planned=recipe.planned,
        ruled=bool(recipe.rules),
        versions=lessons.versions,
        transposed=recipe.transposed,
        # A plan says nothing of headers, nor its layer of tunes without one.
        retitled=0.0 if recipe.plan_alone else recipe.retitled,
        unplanned=0.0 if recipe.plan_alone else recipe.unplanned,
        times=lessons.times,
    )
    if recipe.snippets:
        return SnippetDataset(training, *size, recipe.steps), StreamDataset(validation, *size)
    return StreamDataset(training, *size), StreamDataset(validation, *size)
