"""What a training run must remember to be resumed exactly after it was killed."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError
from abcgen.support.files import temporary_beside

_FILE = "state.npz"
_PROGRESS = "progress"


@dataclass(slots=True)
class TrainingState:
    """A training run after its last finished epoch.

    Attributes
    ----------
    run : dict
        What must not change when it is resumed: recipe, seed, corpus.
    epoch : int
        Epochs finished.
    best_epoch : int
        The best epoch so far, 0 before the first.
    history : list of dict
        A row an epoch, as in ``history.csv``.
    arrays : dict of str to array
        Weights, optimiser slots and the states of the dropout generators, by name; empty before
        the first epoch.
    """

    run: dict[str, Any] = field(default_factory=dict)
    epoch: int = 0
    best_epoch: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write it as one file; after an interruption that is the old one or the new one, whole."""
        progress = {name: value for name, value in asdict(self).items() if name != "arrays"}
        encoded = np.frombuffer(json.dumps(progress).encode(), np.uint8)
        with temporary_beside(folder / _FILE) as temporary, temporary.open("wb") as file:
            np.savez(file, **{_PROGRESS: encoded}, **self.arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, folder: Path) -> "TrainingState":
        """Read what `save` wrote.

        Raises
        ------
        CheckpointError
            If there is nothing to resume, or it is damaged.
        """
        file = folder / _FILE
        if not file.exists():
            raise CheckpointError(f"nothing to resume in {folder.parent}: {file} is missing")
        try:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            progress = json.loads(arrays.pop(_PROGRESS).tobytes())
            return cls(**progress, arrays=arrays)
        except Exception as error:  # a damaged zip raises many kinds
            raise CheckpointError(
                f"{file} is damaged ({error}); train again from the start"
            ) from None

    def identify(self, run: dict[str, Any]) -> None:
        """Note what the run is; if that is known, refuse another recipe, seed or corpus.

        Raises
        ------
        CheckpointError
            Naming the first thing that differs, with both values.
        """
        self.run = self.run or run
        known, given = _flat(self.run), _flat(run)
        for name in {**given, **known}:
            began, value = known.get(name), given.get(name)
            if began != value:
                raise CheckpointError(
                    f"this run began with {name} = {began!r} and cannot continue with {value!r}; "
                    f"give the same options, or train under another --name"
                )


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat.update(value if isinstance(value, dict) else {name: value})
    return flat
