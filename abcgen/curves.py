"""The picture of a training run: loss and accuracy, in training and on tunes not seen."""

from collections.abc import Sequence
from pathlib import Path


def draw_curves(history: Sequence[dict[str, float]], path: Path) -> None:
    """Draw `curves.png`.

    Parameters
    ----------
    history : sequence of dict
        A row an epoch, as in ``history.csv``: ``epoch``, ``loss``, ``val_loss`` (nats a
        character), ``accuracy``, ``val_accuracy`` (0 to 1).
    path : Path
        Where to write the PNG.
    """
    # matplotlib's Figure without pyplot: no window, no global state.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(10, 4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    epochs = [row["epoch"] for row in history]
    best = min(history, key=lambda row: row["val_loss"])["epoch"]
    axes = figure.subplots(1, 2)
    for axis, name, unit in zip(
        axes, ("loss", "accuracy"), ("nats a character", "share foretold right"), strict=True
    ):
        marker = "o" if len(history) == 1 else ""
        axis.plot(epochs, [row[name] for row in history], marker=marker, label="training")
        values = [row[f"val_{name}"] for row in history]
        axis.plot(epochs, values, marker=marker, label="validation")
        axis.axvline(best, color="grey", linestyle=":", label=f"best epoch ({best:.0f})")
        axis.set(xlabel="epoch", ylabel=unit, title=name.capitalize())
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(path, format="png")
