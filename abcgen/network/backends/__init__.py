"""What trains a network, by the library that computes: TensorFlow or PyTorch, below Keras.

TensorFlow is what the extra `train` brings: it is fast on a CPU, resumes bit for bit, and makes the
engine file. PyTorch is for machines with a GPU, on which it is often there already; a network that
it trained gets its engine file where TensorFlow is (`abcgen.convert`).

Each module here has the same names:

- ``set_up(layers)``: share the cores, and choose exact arithmetic.
- ``compiled(function)``: the same function, without what gradients would need, or as a graph.
- ``training_step(loss_of, variables, optimizer, clip_norm)``: one step of training.
- ``lstm(layer, sequences, states, training)``: an LSTM layer, or None where Keras's own is best.
- ``set_row(variable, row, values)``: change one row of a variable.
- ``event_writer(folder)``: what writes figures as TensorBoard's events.
- ``EXPORTS``: whether the engine file can be made here.
"""

import importlib
import os
from types import ModuleType

#: The libraries, by Keras's names for them; the first is the default.
BACKENDS = ("tensorflow", "torch")
_VARIABLE = "ABCGEN_BACKEND"


def choose(name: str) -> None:
    """Choose a backend for this process and those that it starts, before anything is trained."""
    os.environ[_VARIABLE] = name


def chosen() -> str:
    """Return the name of the backend in use."""
    name = os.environ.get(_VARIABLE, BACKENDS[0])
    return name if name in BACKENDS else BACKENDS[0]


def load() -> ModuleType:
    """Return the module of the chosen backend, Keras being told of it."""
    os.environ["KERAS_BACKEND"] = chosen()
    return importlib.import_module(f"abcgen.network.backends.with_{chosen()}")
