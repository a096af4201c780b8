"""Make the engine file of a checkpoint from its weights."""

from abcgen.model.checkpoint import ENGINE_FILE, read_checkpoint, write_checkpoint
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
    require("tensorflow", "train")
    backends.load("tensorflow")
    from abcgen.network.build import build_network
    from abcgen.network.export import export_engine

    network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
    network.load_weights(checkpoint.weights_file)
    engine = export_engine(network, checkpoint.recipe, quantize=True)
    write_checkpoint(checkpoint, {ENGINE_FILE: lambda path: path.write_bytes(engine)})
