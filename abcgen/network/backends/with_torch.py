"""PyTorch below Keras."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

EXPORTS = False


def set_up(layers: int) -> None:
    """Leave the cores to PyTorch, which shares them itself.

    On a GPU, products are computed in TF32, and gradients are added in no fixed order: two runs
    of one seed differ a little.
    """
    torch.backends.cuda.matmul.allow_tf32 = True


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, computed without what gradients would need."""

    def without_gradients(*arguments: Any) -> Any:
        with torch.no_grad():
            return function(*map(_tensor, arguments))

    return without_gradients


def training_step(
    loss_of: Callable[..., Any], variables: Sequence[Any], optimizer: Any, clip_norm: float
) -> Callable[..., Any]:
    """Return the function that learns from a chunk; see `with_tensorflow.training_step`."""
    weights = [variable.value for variable in variables]

    def step(*chunk: Any) -> Any:
        loss, sums = loss_of(*map(_tensor, chunk))
        gradients = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
            shrunk = torch._foreach_mul(gradients, clip_norm / norm.clamp(min=clip_norm))
            optimizer.apply(shrunk)
        return sums.detach()

    return step


def _tensor(values: Any) -> Any:
    """Return an array as a tensor on the device that Keras uses: the GPU, if there is one."""
    return torch.as_tensor(values, device="cuda" if torch.cuda.is_available() else "cpu")


def lstm(
    layer: Any, sequences: Any, states: Sequence[Any], training: bool
) -> tuple[Any, list[Any]] | None:
    """Compute an LSTM layer by PyTorch's own, on a GPU by cuDNN; see `with_tensorflow.lstm`."""
    kernel, recurrent, bias = (weight.value for weight in layer.cell.trainable_weights)
    # The states change once the layer is done, but gradients need the old ones.
    before = tuple(state[None].clone() for state in states)
    weights = [kernel.T.contiguous(), recurrent.T.contiguous(), bias, torch.zeros_like(bias)]
    outputs, *after = torch.lstm(sequences, before, weights, True, 1, 0.0, training, False, True)
    return outputs, [state[0].detach() for state in after]


def set_row(variable: Any, row: int, values: Any) -> None:
    """Change one row of a Keras variable."""
    with torch.no_grad():
        variable.value[row] = torch.as_tensor(values, device=variable.value.device)


def event_writer(folder: Path) -> Callable[[str, float, int], None]:
    """Return a function that writes a figure (name, value, epoch) as an event into a folder."""
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder))

    def write(name: str, value: float, epoch: int) -> None:
        writer.add_scalar(name, value, epoch)
        writer.flush()

    return write
