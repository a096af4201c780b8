"""The library that computes below Keras: TensorFlow or PyTorch.

TensorFlow comes with the extra `train`: it is fast on a CPU, training by it can be repeated to the
last bit, and it makes the engine file. PyTorch is for machines with a GPU, where it is often
installed already; a network trained by it gets its engine file where TensorFlow is
(`abcgen.convert`).

Each module here defines the same names:

- ``set_up(layers)``: share the cores among threads, and choose exact arithmetic.
- ``compiled(function)``: the function as a graph, or without what gradients would need.
- ``training_step(loss_of, variables, optimizer, clip_norm)``: one step of training.
- ``lstm(layer, sequences, states, training)``: an LSTM layer, or None where Keras's own is best.
- ``set_row(variable, row, values)``: change one row of a variable.
- ``event_writer(folder)``: writes figures as TensorBoard events.
- ``EXPORTS``: whether the engine file can be made.
"""

import importlib
import os
from types import ModuleType

from abcgen.errors import UsageError

#: The libraries, by Keras's names for them; the first is the default.
BACKENDS = ("tensorflow", "torch")

_loaded: dict[str, ModuleType] = {}


def load(name: str) -> ModuleType:
    """Let Keras compute with a library from now on; return its module of this package.

    Call it before `abcgen.network.build` is imported: Keras chooses once in a process.

    Parameters
    ----------
    name : str
        One of `BACKENDS`.

    Raises
    ------
    UsageError
        If Keras computes with another library in this process already.
    """
    for other in _loaded:
        if other != name:
            raise UsageError(f"Keras uses {other} in this process; use another process for {name}")
    if name not in _loaded:
        os.environ["KERAS_BACKEND"] = name
        _loaded[name] = importlib.import_module(f"abcgen.network.backends.with_{name}")
    return _loaded[name]


def loaded() -> ModuleType:
    """Return the module of the library that was loaded; the default is loaded if none was."""
    return load(next(iter(_loaded), BACKENDS[0]))
