"""Make the engine file of a checkpoint from its weights."""

from pathlib import Path

from abcgen.model.checkpoint import (
    ENGINE_FILE,
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from abcgen.network import backends
from abcgen.support.extras import require


def convert(name_or_folder: str) -> None:
    """Write the engine file of a checkpoint.

    Parameters
    ----------
    name_or_folder : str
        The name or folder of the checkpoint.

    Raises
    ------
    AbcgenError
        If TensorFlow is missing.
    CheckpointError
        If the checkpoint is missing or damaged.
    """
    checkpoint = read_checkpoint(name_or_folder, sampled=False)
    engine = engine_of_weights(checkpoint, checkpoint.weights_file)
    write_checkpoint(checkpoint, {ENGINE_FILE: lambda path: path.write_bytes(engine)})


def engine_of_weights(checkpoint: Checkpoint, weights: Path) -> bytes:
    """Return the engine file of a checkpoint's network with the weights of a file.

    Raises
    ------
    AbcgenError
        If TensorFlow is missing.
    """
    require("tensorflow", "train")
    backends.load("tensorflow")
    from abcgen.network.build import build_network
    from abcgen.network.export import export_engine

    network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
    network.load_weights(weights)
    return export_engine(network, checkpoint.recipe, quantize=True)
