"""A network and the baselines, compared on the same held-out tunes."""

from collections.abc import Sequence
from dataclasses import dataclass

from abcgen.errors import AbcgenError
from abcgen.evaluation.likelihood.compressors import Ppmd, Zpaq
from abcgen.evaluation.likelihood.heldout import notes_of
from abcgen.evaluation.likelihood.ngram import NGram
from abcgen.evaluation.likelihood.text_model import Baseline, Model, Score, characters_of
from abcgen.model.vocabulary import Vocabulary
from abcgen.support.console import table as text_table

#: The name of the row for all books, if there are several.
TOGETHER = "all of them"


@dataclass(frozen=True, slots=True)
class Row:
    """How well one model predicts one book.

    Attributes
    ----------
    book, model : str
        Their names.
    tunes, characters, notes : int
        The number of each in the held-out tunes; the end of a tune is a character.
    bits_per_char, bits_per_note : float
        The latter is None if there are no notes.
    accuracy : float, optional
        Share of characters that were the most likely ones, 0 to 1; None for compressors.
    fewer_than_zpaq : float, optional
        Share of zpaq's bits that this model saves; None without zpaq.
    """

    book: str
    model: str
    tunes: int
    characters: int
    notes: int
    bits_per_char: float
    bits_per_note: float | None
    accuracy: float | None
    fewer_than_zpaq: float | None


def baselines(vocabulary: Vocabulary) -> list[Baseline]:
    """Return all baselines, whether they are available here or not."""
    return [NGram(vocabulary), Ppmd(), Zpaq()]


def compare_models(models: Sequence[Model], books: dict[str, list[str]]) -> list[Row]:
    """Compare models on the tunes of books.

    Parameters
    ----------
    models : sequence of Model
        The baselines among them have been trained.
    books : dict of str to list of str
        The tunes of each book.

    Returns
    -------
    list of Row
        For each book, and for all books together if there are several, a row for each model.

    Raises
    ------
    AbcgenError
        If a book has no tunes, or a model fails.
    """
    if len(books) > 1:
        books = {**books, TOGETHER: [tune for tunes in books.values() for tune in tunes]}
    rows = []
    for book, tunes in books.items():
        if not tunes:
            raise AbcgenError(f"{book} has no tune to judge by")
        scores = {model.name: model.score(tunes) for model in models}
        rows += [_row(book, tunes, name, score, scores) for name, score in scores.items()]
    return rows


def _row(book: str, tunes: Sequence[str], name: str, score: Score, scores: dict[str, Score]) -> Row:
    characters, notes = characters_of(tunes), sum(map(notes_of, tunes))
    zpaq = scores.get(Zpaq.name)
    return Row(
        book,
        name,
        len(tunes),
        characters,
        notes,
        score.bits / characters,
        score.bits / notes if notes else None,
        None if score.right is None else score.right / characters,
        1 - score.bits / zpaq.bits if zpaq and zpaq.bits > 0 else None,
    )


def table(rows: Sequence[Row]) -> str:
    """Return rows as a table of text."""
    head = ["book", "model", "bits/char", "bits/note", "accuracy", "fewer than zpaq"]
    return text_table([head, *map(_cells, rows)], "<<>")


def _cells(row: Row) -> list[str]:
    return [
        row.book,
        row.model,
        f"{row.bits_per_char:.4f}",
        "" if row.bits_per_note is None else f"{row.bits_per_note:.4f}",
        "" if row.accuracy is None else f"{row.accuracy:.2%}",
        "" if row.fewer_than_zpaq is None else f"{row.fewer_than_zpaq:.1%}",
    ]
