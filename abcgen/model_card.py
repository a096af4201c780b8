"""The model card of a checkpoint: what it is, what it learned from, how good it is."""

from abcgen.checkpoint import Checkpoint
from abcgen.fetching.sources import load_sources
from abcgen.recipes import Recipe


def model_card(checkpoint: Checkpoint) -> str:
    """Return the text of ``MODEL_CARD.md``, all of it drawn from the checkpoint itself."""
    recipe, corpus, figures = checkpoint.recipe, checkpoint.corpus, checkpoint.validation
    counts = corpus["tunes"]
    drawn = (
        f"\nEach epoch drew new keys for {100 * recipe.transposed:g} % of the tunes to learn from."
        if recipe.transposed
        else ""
    )
    factors = _FACTORS if recipe.factored else ""
    continued = corpus.get("continues")
    base = (
        f"\nIt goes on from the checkpoint `{continued['checkpoint']}`, which had learned from "
        f"{', '.join(continued['books'])}.\n"
        if continued
        else ""
    )
    books = "\n".join(f"- {_about(book)}" for book in corpus["books"])
    return f"""# {checkpoint.path.name}, version {checkpoint.version}

A character-level LSTM that writes folk tunes in ABC notation, trained with abcgen's recipe
`{recipe.name}`.

    python -m abcgen.sample --checkpoint {checkpoint.path.name}

## The network

{_network(recipe)}, softmax over {len(checkpoint.vocabulary)} characters.{factors}
`engine.tflite` is one step of it with int8 weights, for sampling without TensorFlow;
`network.weights.h5` holds the Keras weights, without the optimiser's.

## What it learned from

{books}
{base}
{counts["train"]} tunes to learn from, {counts["validation"]} to validate on, {counts["test"]}
kept aside for tests; {corpus["repeated"]} near-duplicates and {corpus["rejected"]} tunes
without a canonical spelling were left out. The split is decided by each tune's own melody.{drawn}

## How good it is

On the validation tunes, at epoch {figures["epoch"]}: {figures["bits_per_char"]:.3f} bits a
character, {100 * figures["accuracy"]:.1f} % of characters foretold right. `history.csv` and
`curves.png` show the way there.

## What to keep in mind

It can repeat what it learned from: compare a tune with the books above before you publish it as
new. `abcgen.sample` holds it to the rules of ABC, character by character; with `--raw` nothing
does, and a bar may not add up.
"""


_FACTORS = """ It reads each
character with its factors: its place in the bar, and what came at this place in earlier bars."""


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
    source = load_sources().get(book)
    return f"`{book}`: {source['title']}; {source['licence']}" if source else f"`{book}`"
