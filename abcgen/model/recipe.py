"""A recipe: how a network is built and trained. Its defaults are defined here alone."""

import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from abcgen.errors import UsageError, near_names

#: How the learning rate changes after the warm-up.
SCHEDULES = ("cosine", "constant", "inverse")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is built and trained.

    Attributes
    ----------
    name : str
        The recipe's name.

    `abcgen.training.recipes.HELP` explains the other fields. They are flat, since each is an option
    of ``abcgen.train`` and a name in ``checkpoint.json``.
    """

    name: str = "folk"
    solos: bool = False
    embedding_dim: int = 96
    factored: bool = True
    rnn_sizes: tuple[int, ...] = (256, 256, 256)
    dense_size: int = 0
    plan_size: int = 0
    plan_strength: float = 1.25
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
    unplanned: float = 0.1
    plan_alone: bool = False
    own: float = 0.5
    own_masked: bool = False
    originals: int = 0
    patience: int = 12
    keep_last: bool = False
    keep_every: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "rnn_sizes", tuple(self.rnn_sizes))  # JSON knows no tuples
        if not self.rnn_sizes:
            raise UsageError("rnn_sizes must name at least one LSTM layer")
        for least, names in (
            (1, ("batch_size", "seq_length", "epochs")),
            (0, ("embedding_dim", "dense_size", "plan_size", "steps", "originals")),
            (0, ("patience", "keep_every")),
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
            if not 0 <= value < 1:  # false for NaN, too
                raise UsageError(f"{name} must be at least 0 and below 1, not {value}")
        for name in ("transposed", "retitled", "unplanned"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(f"{name} must be 0 to 1, not {getattr(self, name)}")
        if not 0 < self.clip_norm < math.inf:
            raise UsageError(f"clip_norm must be above 0, not {self.clip_norm}")
        for name in ("plan_strength", "rate_decay", "rules", "own"):
            if not 0 <= getattr(self, name) < math.inf:
                raise UsageError(f"{name} must be 0 or more, not {getattr(self, name)}")
        if self.schedule not in SCHEDULES:
            raise UsageError(
                f"no schedule {self.schedule!r}; {near_names(self.schedule, SCHEDULES)}"
            )

    @property
    def planned(self) -> bool:
        """Whether the network reads plans."""
        return self.plan_size > 0

    def keeps(self, epoch: int) -> bool:
        """Return whether the weights of an epoch, from 1, are kept whatever comes later."""
        return self.keep_every > 0 and epoch % self.keep_every == 0

    def is_over(self, epoch: int, best: int) -> bool:
        """Return whether training ends after an epoch, given the best epoch so far."""
        return epoch >= self.epochs or epoch - best >= (self.patience or self.epochs)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary of JSON values."""
        return {**asdict(self), "rnn_sizes": list(self.rnn_sizes)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Make a recipe from the result of `to_dict`; unknown fields are an error."""
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise UsageError(f"a recipe has no {name!r}; {near_names(name, known)}")
        return cls(**values)

    def changed(self, **values: Any) -> Self:
        """Return the recipe with other values of some fields; None leaves a field as it is."""
        return replace(self, **{name: v for name, v in values.items() if v is not None})


def _check_whole(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise UsageError(f"{name} must be a whole number, {least} or more, not {value!r}")
