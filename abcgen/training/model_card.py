"""The model card of a checkpoint: what it is, what it learned from, how well it predicts."""

import itertools
import textwrap
from typing import Any

from abcgen.model.checkpoint import Checkpoint
from abcgen.model.recipe import Recipe
from abcgen.tunebooks.fetching.sources import load_sources
from abcgen.tunebooks.names import BUNDLED


def model_card(checkpoint: Checkpoint) -> str:
    """Return the text of ``MODEL_CARD.md``, made entirely from the checkpoint itself."""
    recipe, corpus, figures = checkpoint.recipe, checkpoint.corpus, checkpoint.validation
    counts, styles = corpus["tunes"], checkpoint.vocabulary.styles
    name = checkpoint.path.name
    continued = corpus.get("continues")
    parts = [
        f"# {name}, version {checkpoint.version}",
        _filled(f"{_WHAT[recipe.solos]}, trained with abcgen's recipe `{recipe.name}`."),
        f"    {use_of(checkpoint, name)}",
        "## The network",
        _filled(
            f"{_network(recipe)}, softmax over {len(checkpoint.vocabulary)} "
            f"{'values' if recipe.solos else 'characters'}. "
            f"{_FACTORS * recipe.factored}{_plans(recipe)}"
            f"{_habits(corpus)}"
            "`engine.tflite` is one step of it with int8 weights, for sampling without TensorFlow; "
            "`network.weights.h5` contains the Keras weights as float16, without the optimiser's "
            "state."
        ),
        "## Training data",
        "\n".join(
            f"- {_about(book)}"
            + (f"; style `{style}`" if style else "")
            + ("" if weight == 1 else f"; {weight:g} times an epoch")
            for book, style, weight in zip(
                corpus["books"],
                corpus.get("styles") or itertools.repeat(""),
                corpus.get("weights") or itertools.repeat(1),
                strict=False,
            )
        ),
        styles
        and _filled(f"It writes in these styles: {', '.join(f'`{style}`' for style in styles)}."),
        continued and _before(continued),
        "habits" in corpus and _books_of_habits(corpus),
        _filled(
            f"{counts['train']} tunes to learn from, {counts['validation']} to validate on, "
            f"{counts['test']} held out for tests; {corpus['repeated']} near-duplicates and "
            f"{corpus['rejected']} tunes that abcgen cannot spell were left out. Each tune's "
            f"melody decides which of the three it belongs to. {_changes(recipe, bool(continued))}"
        ),
        "## Evaluation",
        _filled(
            f"On the validation tunes, at epoch {figures['epoch']}: "
            f"{figures['bits_per_char']:.3f} bits a character, {100 * figures['accuracy']:.1f} % "
            f"of characters predicted right{', their plans known' * recipe.planned}. "
            "`history.csv` and `curves.png` show the whole training."
        ),
        "## Limitations",
        _filled(
            "It can repeat tunes it learned from: compare a tune with the books above before you "
            "publish it as new. `abcgen.sample` only lets it write what the grammar allows, "
            "character by character; with `--raw` it is free, and bars may have a wrong length."
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def use_of(checkpoint: Checkpoint, name: str) -> str:
    """Return a command that writes with a checkpoint of a name."""
    if checkpoint.recipe.solos:
        return f'python -m abcgen.improvise "G | C D7 | G" --checkpoint {name}'
    styles = checkpoint.vocabulary.styles
    asked = f" --style {styles[0]}" if styles else ""
    return f"python -m abcgen.sample --checkpoint {name}{asked}"


def _filled(text: str) -> str:
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


#: Whether it plays solos -> what it is.
_WHAT = {
    False: "A character-level LSTM that writes folk tunes in ABC notation",
    True: "An LSTM that plays solos over given chords: it writes what each note is to its chord, "
    "how long, and which way it goes",
}
_FACTORS = (
    "Each character is read with factors: its place in the bar and in the form, and what came at "
    "the same place in earlier bars. "
)


def _changes(recipe: Recipe, continued: bool) -> str:
    """Return how the training tunes were varied from epoch to epoch."""
    changes = [
        (recipe.transposed, "{} of the training tunes were in another key"),
        (
            recipe.retitled * (not recipe.plan_alone),
            "{} had the title of another tune of the same kind",
        ),
        (
            recipe.own,
            "in the second half, " * (not continued)
            + "valid tunes written by the network itself were read too, up to {} as many",
        ),
    ]
    varied = [words.format(f"{100 * share:g} %") for share, words in changes if share]
    return f"In each epoch {'; '.join(varied)}." if varied else ""


def _before(continued: dict[str, Any]) -> str:
    """Return what is said of the checkpoint that training continued from."""
    base, books = continued["checkpoint"], continued["books"]
    said = f"Training continued from the checkpoint `{base}`, which had learned from"
    return f"{_filled(said)}\n\n" + "\n".join(f"- {_about(book)}" for book in books)


def _plans(recipe: Recipe) -> str:
    if not recipe.planned:
        return ""
    return (
        f"A layer of {recipe.plan_size} units beside them reads the plan of a tune, which a small "
        "model, `plans.npz`, draws when its header is written. "
    )


def _habits(corpus: dict[str, Any]) -> str:
    if "habits" not in corpus:
        return ""
    return (
        "What people choose more often than the network does is made likelier where tunes are "
        "drawn: steps, lengths of notes, chords, how sections end, and how closely bars follow "
        "the plan: `habits.npz`. "
    )


def _books_of_habits(corpus: dict[str, Any]) -> str:
    books = "\n".join(f"- {_about(book)}" for book in corpus["habits"]["books"])
    return f"Habits were learned from\n\n{books}"


def _network(recipe: Recipe) -> str:
    embedding = f"Embedding of {recipe.embedding_dim}" if recipe.embedding_dim else "One-hot input"
    sizes = ", ".join(map(str, recipe.rnn_sizes))
    norms = " and batch normalisation" if recipe.batch_norm else ""
    dense = f", a relu layer of {recipe.dense_size}" if recipe.dense_size else ""
    layers = "layer" if len(recipe.rnn_sizes) == 1 else "layers"
    return (
        f"{embedding}, LSTM {layers} of {sizes} units{dense} with dropout {recipe.dropout}{norms}"
    )


def _about(book: str) -> str:
    if book in BUNDLED:
        return f"`{book}`: {BUNDLED[book].title}; {BUNDLED[book].licence}"
    source = load_sources().get(book)
    return f"`{book}`: {source['title']}; {source['licence']}" if source else f"`{book}`"
