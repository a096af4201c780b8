"""Recipes: named hyper-parameters, the one home of their defaults."""

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from abcgen.errors import UsageError, near_names

#: Field of a recipe -> what it is.
HELP = {
    "embedding_dim": "size of a character's vector",
    "rnn_size": "units of each LSTM layer",
    "num_layers": "LSTM layers, one on top of the other",
    "dropout": "share of values zeroed behind the embedding and each LSTM layer",
    "batch_size": "streams read in parallel",
    "seq_length": "characters of a stream that one step reads and learns from",
    "epochs": "times the corpus is read; the learning rate falls to zero by the last",
    "learning_rate": "the highest learning rate, reached at the end of the warm-up",
    "warmup": "share of the epochs over which the learning rate rises",
    "weight_decay": "AdamW's weight decay",
    "clip_norm": "norm to which a longer gradient is scaled down",
    "transposed": "share of the tunes whose key is drawn anew each epoch, as frequent as it is",
    "patience": "epochs without a better validation loss before training stops",
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
    embedding_dim: int = 64
    rnn_size: int = 384
    num_layers: int = 3
    dropout: float = 0.4
    batch_size: int = 32
    seq_length: int = 96
    epochs: int = 45
    learning_rate: float = 2.5e-3
    warmup: float = 0.05
    weight_decay: float = 1e-2
    clip_norm: float = 1.0
    transposed: float = 0.0
    patience: int = 8

    def __post_init__(self) -> None:
        whole = (
            "embedding_dim",
            "rnn_size",
            "num_layers",
            "batch_size",
            "seq_length",
            "epochs",
            "patience",
        )
        for field in whole:
            value = getattr(self, field)
            if not isinstance(value, int) or value < 1:
                raise UsageError(f"{field} must be a whole number above 0, not {value!r}")
        for name in ("dropout", "warmup", "learning_rate", "weight_decay"):
            value = getattr(self, name)
            if not 0 <= value < 1:  # which is false for what is no number, too
                raise UsageError(f"{name} must be at least 0 and below 1, not {value}")
        if not 0 <= self.transposed <= 1:
            raise UsageError(f"transposed must be 0 to 1, not {self.transposed}")
        if not 0 < self.clip_norm < math.inf:
            raise UsageError(f"clip_norm must be above 0, not {self.clip_norm}")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary for JSON."""
        return asdict(self)

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


RECIPES = {recipe.name: recipe for recipe in (Recipe(),)}


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
