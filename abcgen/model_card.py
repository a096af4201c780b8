"""The model card of a checkpoint: what it is, what it learned from, how good it is."""

from abcgen.checkpoint import Checkpoint
from abcgen.fetching.sources import load_sources


def model_card(checkpoint: Checkpoint) -> str:
    """Return the text of ``MODEL_CARD.md``, all of it drawn from the checkpoint itself."""
    recipe, corpus, figures = checkpoint.recipe, checkpoint.corpus, checkpoint.validation
    counts = corpus["tunes"]
    drawn = (
        f"\nEach epoch drew new keys for {100 * recipe.transposed:g} % of the tunes to learn from."
        if recipe.transposed
        else ""
    )
    books = "\n".join(f"- {_about(book)}" for book in corpus["books"])
    return f"""# {checkpoint.path.name}, version {checkpoint.version}

A character-level LSTM that writes folk tunes in ABC notation, trained with abcgen's recipe
`{recipe.name}`.

    python -m abcgen.sample --checkpoint {checkpoint.path.name}

## The network

Embedding of {recipe.embedding_dim}, {recipe.num_layers} LSTM layers of {recipe.rnn_size} units
with dropout {recipe.dropout}, softmax over {len(checkpoint.vocabulary)} characters.
`engine.tflite` is one step of it with int8 weights, for sampling without TensorFlow;
`network.weights.h5` holds the Keras weights, without the optimiser's.

## What it learned from

{books}

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


def _about(book: str) -> str:
    source = load_sources().get(book)
    return f"`{book}`: {source['title']}; {source['licence']}" if source else f"`{book}`"
