"""Recipes: named hyper-parameters, the one home of their defaults."""

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from abcgen.errors import UsageError, near_names

#: How a recipe's learning rate goes on from step to step.
SCHEDULES = ("cosine", "constant", "inverse")

#: Field of a recipe -> what it is.
HELP = {
    "embedding_dim": "size of a character's vector; 0 for one that is 1 at its place, 0 elsewhere",
    "factored": "whether characters come with their place in the bar and the echo of earlier bars",
    "rnn_sizes": "units of each LSTM layer, the first one first",
    "dense_size": "units of a relu layer behind them; 0 for none",
    "embedding_dropout": "share of values zeroed behind the embedding",
    "character_dropout": "share of characters whose whole embedding is zeroed",
    "dropout": "share of values zeroed behind each layer above it",
    "batch_norm": "whether batch normalisation follows each of these layers",
    "batch_size": "streams, or snippets, read in parallel",
    "seq_length": "characters of a stream that one step reads and learns from",
    "snippets": "whether each step reads snippets drawn at random, with no state carried over",
    "steps": "steps of an epoch of snippets; 0 for as many as make up the corpus",
    "epochs": "epochs of training; the schedule ends with the last",
    "learning_rate": "the highest learning rate",
    "schedule": "how it goes on: cosine falls to zero by the last epoch, constant not, inverse "
    "is divided by 1 + rate_decay x steps",
    "warmup": "share of the epochs over which the learning rate rises",
    "rate_decay": "how fast the inverse schedule falls",
    "weight_decay": "AdamW's weight decay; with 0 it is Adam",
    "clip_norm": "norm to which a longer gradient is scaled down",
    "label_smoothing": "share of each target that is given to all characters alike",
    "averaged": "share of the average of the weights of earlier steps that each step keeps; what "
    "is judged and kept is this average. 0 for the weights themselves",
    "rules": "weight of what is foretold against the rules of ABC, beside what is foretold wrong",
    "transposed": "share of the tunes whose key is drawn anew each epoch, as frequent as it is",
    "retitled": "share of the tunes that each epoch go by the title of another of their rhythm "
    "and metre, so that no title gives a tune away",
    "own": "tunes that the network writes before each epoch of the second half, or with --from of "
    "all, for each of those that it learns from; valid ones of a form that people use are "
    "learned too",
    "own_masked": "whether it is held to the rules of ABC while it writes them",
    "originals": "tunes drawn after each epoch to see how many copy; one with more copies than "
    "people's own tunes is not the best epoch; 0 for none",
    "patience": "epochs without a better validation loss before training stops; 0 for never",
    "keep_last": "whether the last epoch is the one that is kept, whatever its loss: that does not "
    "show how like people's its own tunes are",
    "keep_every": "keep the weights of every so many epochs in epochs/; 0 keeps none",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a network is made of and how it is trained.

    Attributes
    ----------
    name : str
        The recipe's name.

    The others are explained in `HELP`, which is also what ``abcgen.train --help`` prints.
    """

    name: str = "folk"
    embedding_dim: int = 96
    factored: bool = True
    rnn_sizes: tuple[int, ...] = (256, 256, 256)
    dense_size: int = 0
    embedding_dropout: float = 0.1
    character_dropout: float = 0.0
    dropout: float = 0.2
    batch_norm: bool = False
    batch_size: int = 32
    seq_length: int = 96
    snippets: bool = False
    steps: int = 0
    epochs: int = 70
    learning_rate: float = 3e-3
    schedule: str = "cosine"
    warmup: float = 0.05
    rate_decay: float = 0.0
    weight_decay: float = 1e-2
    clip_norm: float = 1.0
    label_smoothing: float = 0.0
    averaged: float = 0.0
    rules: float = 4.0
    transposed: float = 0.5
    retitled: float = 0.9
    own: float = 0.5
    own_masked: bool = False
    originals: int = 0
    patience: int = 12
    keep_last: bool = False
    keep_every: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "rnn_sizes", tuple(self.rnn_sizes))  # JSON knows no tuples
        if not self.rnn_sizes:
            raise UsageError("rnn_sizes must name one LSTM layer at least")
        for least, names in (
            (1, ("batch_size", "seq_length", "epochs")),
            (0, ("embedding_dim", "dense_size", "steps", "originals", "patience", "keep_every")),
        ):
            for name in names:
                _check_whole(name, getattr(self, name), least)
        for size in self.rnn_sizes:
            _check_whole("rnn_sizes", size, 1)
        for name in (
            *("embedding_dropout", "character_dropout", "dropout", "warmup", "learning_rate"),
            *("weight_decay", "label_smoothing", "averaged"),
        ):
            value = getattr(self, name)
            if not 0 <= value < 1:  # which is false for what is no number, too
                raise UsageError(f"{name} must be at least 0 and below 1, not {value}")
        for name in ("transposed", "retitled"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} must be 0 to 1, not {getattr(self, name)}")
        if not 0 < self.clip_norm < math.inf:
            raise UsageError(f"clip_norm must be above 0, not {self.clip_norm}")
        for name in ("rate_decay", "rules", "own"):
            if not 0 <= getattr(self, name) < math.inf:
                raise UsageError(f"{name} must be 0 or more, not {getattr(self, name)}")
        if self.schedule not in SCHEDULES:
            raise UsageError(
                f"no schedule {self.schedule!r}; {near_names(self.schedule, SCHEDULES)}"
            )

    def is_over(self, epoch: int, best: int) -> bool:
        """Say whether training ends behind an epoch, when the best one was another."""
        return epoch >= self.epochs or epoch - best >= (self.patience or self.epochs)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary, as JSON would give them back."""
        return {**asdict(self), "rnn_sizes": list(self.rnn_sizes)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Make a recipe of what `to_dict` gave; unknown fields are refused."""
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise UsageError(f"a recipe has no {name!r}; {near_names(name, known)}")
        return cls(**values)

    def changed(self, **values: Any) -> Self:
        """Return the recipe with the fields given that are not None."""
        return replace(self, **{name: v for name, v in values.items() if v is not None})


def _check_whole(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise UsageError(f"{name} must be a whole number, {least} or more, not {value!r}")


#: What the others have in common: networks of characters alone, trained without end or schedule.
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
        # djmodel, after the jazz improviser of deeplearning.ai's course: one-hot, 64 units.
        _PLAIN.changed(
            name="djmodel",
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

#: The fields that say what network it is.
NETWORK = ("embedding_dim", "factored", "rnn_sizes", "dense_size", "batch_norm")

#: What is changed of a checkpoint's recipe when training goes on from it with another tunebook.
CONTINUED: dict[str, Any] = {
    "epochs": 24,
    "learning_rate": 5e-4,
    "warmup": 0.1,
    "embedding_dropout": 0.1,
    "dropout": 0.2,
    "averaged": 0.0,
    "own": 0.0,
    "own_masked": False,
    "originals": 50,
    "patience": 8,
    "keep_last": False,
}

#: Recipe -> the books that it learns from where no others are named.
BOOKS = {
    "folk": ("nottingham", "cobb"),
    "vidiyala": ("corpora/nottingham/jigs.abc",),
    "uysal": ("cobb",),
    "softology": ("nottingham", "cobb"),
    "djmodel": ("nottingham", "cobb"),
}


def find_recipe(name: str) -> Recipe:
    """Return the recipe of a name.

    Raises
    ------
    UsageError
        If there is none; near names are offered.
    """
    if name not in RECIPES:
        raise UsageError(f"no recipe {name!r}; {near_names(name, RECIPES)}")
    return RECIPES[name]
