"""The picture of a training run: loss and accuracy, in training and on held-out tunes."""

from collections.abc import Sequence
from pathlib import Path


def draw_curves(
    history: Sequence[dict[str, float]], best: int, path: Path, limit: float | None = None
) -> None:
    """Draw `curves.png`.

    Parameters
    ----------
    history : sequence of dict
        A row an epoch, as in ``history.csv``: ``epoch``, ``loss``, ``val_loss`` (nats a
        character), ``accuracy``, ``val_accuracy`` (0 to 1), and ``copied`` where it was measured,
        which need not be in every epoch.
    best : int
        The epoch whose network was kept.
    path : Path
        Where to write the PNG.
    limit : float, optional
        The share of copies up to which a network copies no more than people do.
    """
    # Figure without pyplot: no window, no global state.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    counted = [row for row in history if "copied" in row]
    copied = bool(counted)
    figure = Figure(figsize=(5 * (2 + copied), 4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    epochs = [row["epoch"] for row in history]
    axes = figure.subplots(1, 2 + copied)
    marker = "o" if len(history) == 1 else ""
    for axis, name, unit in zip(
        axes[:2], ("loss", "accuracy"), ("nats a character", "share predicted right"), strict=True
    ):
        axis.plot(epochs, [row[name] for row in history], marker=marker, label="training")
        values = [row[f"val_{name}"] for row in history]
        axis.plot(epochs, values, marker=marker, label="validation")
        axis.set(ylabel=unit, title=name.capitalize())
    if copied:
        shares = [row["copied"] for row in counted]
        sparse = "o" if len(counted) < len(history) else marker
        axes[2].plot([row["epoch"] for row in counted], shares, marker=sparse, label="sampled")
        if limit is not None:
            axes[2].axhline(limit, color="grey", linestyle="--", label="as people, at most")
        axes[2].set(ylabel="share of tunes that copy", title="Copies", ylim=(0, None))
    for axis in axes:
        axis.axvline(best, color="grey", linestyle=":", label=f"best epoch ({best})")
        axis.set(xlabel="epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(path, format="png")
