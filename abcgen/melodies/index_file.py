"""The file of an index of tunes: a NumPy archive without the texts of the tunes."""

import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from abcgen.errors import CorpusError
from abcgen.melodies.match import Label
from abcgen.melodies.melody import Step
from abcgen.melodies.runs import GRAM, NO_STEP, Ints
from abcgen.support.files import temporary_beside

_FORMAT = 1
_SHORTEST_RUN = GRAM + 1  # in notes
_ARRAYS = ("about", "steps", "starts", "bars")

# What a damaged archive raises depends on where it is damaged.
_DAMAGED = (
    AttributeError,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class IndexParts(NamedTuple):
    """What an index is made of.

    Attributes
    ----------
    labels : sequence of Label
        One for each tune.
    step_table : sequence of Step
        The different steps of the corpus; their numbers count from 1.
    steps : array
        The number of the step from each note to the next, `NO_STEP` after the last of a tune:
        int64 (notes,).
    starts : array
        The first note of each tune, then the number of notes: int64 (tunes + 1,).
    bars : array
        The bar of each note, counted from 1: int64 (notes,).
    held_out : sequence of int
        See `abcgen.melodies.index.NoveltyIndex.held_out`.
    """

    labels: Sequence[Label]
    step_table: Sequence[Step]
    steps: Ints
    starts: Ints
    bars: Ints
    held_out: Sequence[int]


def write_index(path: Path, parts: IndexParts) -> None:
    """Write an index; the same parts give the same file."""
    about = {
        "format": _FORMAT,
        "shortest_run": _SHORTEST_RUN,
        "tunes": parts.labels,
        "steps": parts.step_table,
        "held_out": parts.held_out,
    }
    packed = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
    with temporary_beside(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            about=packed,
            steps=parts.steps.astype(np.int32),
            starts=parts.starts.astype(np.int32),
            # The difference between one note's bar and the next compresses better than the bars.
            bars=np.diff(parts.bars, prepend=0).astype(np.int16),
        )


def read_index(path: Path) -> IndexParts:
    """Read a file that `write_index` has written.

    Raises
    ------
    CorpusError
        If the file is damaged, is not an index, or has another format.
    OSError
        If it cannot be read at all.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            about_bytes, *arrays = (archive[name] for name in _ARRAYS)
        about = json.loads(about_bytes.tobytes())
        if about["format"] != _FORMAT or about["shortest_run"] != _SHORTEST_RUN:
            raise CorpusError(f"{path} is an index of another format; make it again")
        steps, starts, bars = (array.astype(np.int64, casting="safe") for array in arrays)
        parts = IndexParts(
            [
                Label(str(source), int(number), str(title))
                for source, number, title in about["tunes"]
            ],
            [(int(up), int(above), int(below)) for up, above, below in about["steps"]],
            steps,
            starts,
            np.cumsum(bars),
            [int(notes) for notes in about["held_out"]],
        )
        _check(parts)
    except _DAMAGED as error:
        raise CorpusError(f"{path} is damaged, or not an index of tunes") from error
    return parts


def _check(parts: IndexParts) -> None:
    """Raise unless the arrays belong together."""
    steps, starts, bars = parts.steps, parts.starts, parts.bars
    if not (
        steps.ndim == starts.ndim == bars.ndim == 1
        and len(starts) == len(parts.labels) + 1
        and starts[0] == 0
        and bool((np.diff(starts) >= 0).all())
        and starts[-1] == len(steps) == len(bars)
        and bool(((steps >= 0) & (steps <= len(parts.step_table))).all())
        and bool((steps[starts[1:][np.diff(starts) > 0] - 1] == NO_STEP).all())
    ):
        raise ValueError("its parts do not belong together")
