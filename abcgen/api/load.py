"""A network loaded, and its characters without end."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Unpack

from abcgen.api.asking import EngineName, TuneOptions, check_keywords
from abcgen.api.generator import Generator
from abcgen.support import defaults, values


def load(
    checkpoint: str | Path = defaults.CHECKPOINT, *, engine: EngineName = defaults.ENGINE
) -> Generator:
    """Load a network that makes tunes.

    Parameters
    ----------
    checkpoint : str or Path
        A checkpoint's name or folder.
    engine : {"litert", "keras"}
        What runs the network; ``keras`` is the slow reference and needs the extra ``train``.

    Raises
    ------
    CheckpointError
        If there is no such checkpoint, or it is damaged or cannot be read.
    UsageError
        If the engine is unknown, or the checkpoint is neither a name nor a path.
    """
    from abcgen.model.checkpoint import read_checkpoint

    if not isinstance(checkpoint, str):
        wanted = f"the name of a checkpoint, such as {defaults.CHECKPOINT!r}, or its folder"
        checkpoint = str(values.path("checkpoint", checkpoint, wanted))
    return Generator(read_checkpoint(checkpoint), engine)


def generate(
    checkpoint: str | Path = defaults.CHECKPOINT,
    *,
    length: int | None = None,
    raw: bool = False,
    engine: EngineName = defaults.ENGINE,
    **options: Unpack[TuneOptions],
) -> Iterator[str]:
    """Yield the characters of new tunes, one tune after the other.

    Parameters
    ----------
    checkpoint : str or Path
        A checkpoint's name or folder.
    length : int, optional
        Stop after so many characters; without it the tunes go on without end.
    raw : bool
        Let the network draw any character, valid or not. Then nothing may be asked for.
    engine : {"litert", "keras"}
        What runs the network.
    **options
        The keywords of `Generator.tune`, without `novel`.

    Yields
    ------
    str
        One character. A blank line ends a tune, and each begins ``X:1``.

    Raises
    ------
    AbcgenError
        A subclass says what is wrong with the checkpoint or with what is asked for, at once.
    """
    check_keywords("generate", options)
    if length is not None:
        length = values.count("length", length, 0)
    tunes = load(checkpoint, engine=engine).characters(raw=raw, **options)
    return itertools.islice(tunes, length)
