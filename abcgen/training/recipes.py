"""The named recipes, what their fields mean, and the books that they learn from."""

from typing import Any

from abcgen.errors import UsageError, near_names
from abcgen.model.recipe import Recipe

#: Field of a recipe -> its meaning.
HELP = {
    # The network.
    "solos": "whether it learns melodies over chords, each note as one value: what it is to its "
    "chord, how long, and which way it goes",
    "embedding_dim": "size of a character's vector; 0 for one-hot vectors",
    "factored": "whether characters come with their place in the bar and the echo of earlier bars",
    "rnn_sizes": "units of each LSTM layer, starting with the first",
    "dense_size": "units of a relu layer after the LSTM layers; 0 for none",
    "plan_size": "units of the layer that reads a tune's plan (which bars return, and so on); 0 "
    "for none",
    "plan_strength": "how much a plan counts when tunes are drawn, compared with training",
    "embedding_dropout": "share of values set to zero after the embedding",
    "character_dropout": "share of characters whose whole embedding is set to zero",
    "dropout": "share of values set to zero after each LSTM and relu layer",
    "batch_norm": "whether batch normalisation follows each LSTM and relu layer",
    # Its training.
    "batch_size": "streams, or snippets, read in parallel",
    "seq_length": "characters of each stream that one step reads and learns from",
    "snippets": "whether each step reads snippets drawn at random, with no state carried over",
    "steps": "steps in an epoch of snippets; 0 for about as many characters as the corpus has",
    "epochs": "epochs of training; the schedule ends with the last",
    "learning_rate": "highest learning rate",
    "schedule": "how the learning rate changes: cosine falls to zero by the last epoch, constant "
    "does not change, inverse is divided by 1 + rate_decay x steps",
    "warmup": "share of the training over which the learning rate rises",
    "rate_decay": "how fast the inverse schedule falls",
    "weight_decay": "AdamW's weight decay; with 0 it is Adam",
    "clip_norm": "largest norm of the gradients; longer ones are scaled down to it",
    "label_smoothing": "share of each target that is spread evenly over all characters",
    "averaged": "momentum of a running average of the weights, which is what is judged and kept; "
    "0 for the weights themselves",
    "rules": "weight of the grammar penalty, relative to the cross-entropy",
    "transposed": "share of the tunes that are read in another key, drawn again for each epoch, "
    "each key as often as the corpus has it",
    "retitled": "share of the tunes that get, in each epoch, the title of another of their rhythm "
    "and metre, so that no title gives a tune away",
    "unplanned": "share of the tunes that are read without their plan",
    "plan_alone": "whether only the layer that reads the plan is trained",
    "own": "before each epoch of the second half (with --from: before each epoch), the network "
    "writes this many tunes for each tune of the corpus, and learns from those that are valid and "
    "have the form of a tune in the corpus",
    "own_masked": "whether only characters that the grammar allows are drawn for these tunes",
    "originals": "tunes drawn after each epoch to count copies; an epoch that copies more than "
    "people do cannot be the best one, unless all epochs do; then the one with the fewest copies "
    "is; 0 for none",
    "patience": "epochs without a better validation loss before training stops; 0 for never",
    "keep_last": "keep the last epoch, even if its loss is not the lowest",
    "keep_every": "keep weights and curves of every K-th epoch in epochs/, to choose from with "
    "--pick; 0 for none",
}

#: What the other recipes share: no factors, a constant rate, no stopping early.
_PLAIN = Recipe(
    factored=False,
    rules=0.0,
    embedding_dropout=0.0,
    schedule="constant",
    warmup=0.0,
    weight_decay=0.0,
    transposed=0.0,
    retitled=0.0,
    own=0.0,
    patience=0,
)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(),
        # S. Vidiyala, "Music generation using deep learning": Nottingham's jigs, by heart.
        _PLAIN.changed(
            name="vidiyala",
            embedding_dim=512,
            rnn_sizes=(256, 256, 256),
            dropout=0.2,
            batch_size=16,
            seq_length=64,
            epochs=100,
            learning_rate=1e-3,
            keep_every=10,
        ),
        # Uysal's notebook, after MIT's course 6.S191: one wide layer, snippets at random.
        _PLAIN.changed(
            name="uysal",
            embedding_dim=256,
            rnn_sizes=(1024,),
            dropout=0.0,
            batch_size=64,
            seq_length=125,
            snippets=True,
            steps=75,
            epochs=100,  # 7,500 steps in all
            learning_rate=1e-4,
            keep_every=100,
        ),
        # Softology: batch normalisation throughout, a picture every 25 epochs to choose by.
        _PLAIN.changed(
            name="softology",
            rnn_sizes=(512, 256),
            dense_size=128,
            dropout=0.2,
            batch_norm=True,
            batch_size=64,
            seq_length=100,
            epochs=100,
            learning_rate=1e-3,
            keep_every=25,
        ),
        # djmodel, after the jazz improviser of deeplearning.ai's course: one-hot, 64 units. It
        # learns values of notes over chords, as those of deepjazz.
        _PLAIN.changed(
            name="djmodel",
            solos=True,
            embedding_dim=0,
            rnn_sizes=(64,),
            dropout=0.0,
            batch_size=60,
            seq_length=30,
            snippets=True,
            epochs=100,
            learning_rate=1e-2,
            schedule="inverse",
            rate_decay=1e-2,
            keep_every=100,
        ),
    )
}

#: The fields that decide the shapes of the weights.
NETWORK = (
    "solos",
    "embedding_dim",
    "factored",
    "rnn_sizes",
    "dense_size",
    "plan_size",
    "batch_norm",
)

#: Tunes drawn to count copies: after each epoch where training continues from a checkpoint, and
#: wherever an epoch is kept.
COUNTED = 50

#: Changes to a checkpoint's recipe when training continues from it on another tunebook.
CONTINUED: dict[str, Any] = {
    "epochs": 24,
    "learning_rate": 5e-4,
    "warmup": 0.1,
    "embedding_dropout": 0.1,
    "dropout": 0.2,
    "averaged": 0.0,
    "own": 0.0,
    "own_masked": False,
    "originals": COUNTED,
    "patience": 8,
    "keep_last": False,
}

#: Recipe -> the books it learns from by default; like all corpora, below the current folder.
BOOKS = {
    "folk": ("nottingham", "cobb"),
    "vidiyala": ("corpora/nottingham/jigs.abc",),
    "uysal": ("cobb",),
    "softology": ("nottingham", "cobb"),
    "djmodel": ("nottingham",),
}


def find_recipe(name: str) -> Recipe:
    """Return the recipe of a name.

    Raises
    ------
    UsageError
        If there is none; similar names are suggested.
    """
    if name not in RECIPES:
        raise UsageError(f"no recipe {name!r}; {near_names(name, RECIPES)}")
    return RECIPES[name]
