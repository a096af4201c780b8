"""Pictures of histograms, those of the corpus and of the samples side by side."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abcgen.melodies.features import Feature
from abcgen.support.files import temporary_beside


def picture_file(feature: Feature, folder: Path) -> Path:
    """Return the file for the picture of a feature."""
    return folder / f"{feature.name.replace(' ', '-')}.png"


def plot_histogram(
    feature: Feature,
    histograms: Sequence[tuple[str, NDArray[np.int64]]],
    title: str,
    path: Path,
) -> None:
    """Plot histograms side by side, as shares of their sums.

    Parameters
    ----------
    feature : Feature
        The feature that was counted.
    histograms : sequence of (str, array)
        A name for the legend, and the counts, int64 (bins,).
    title : str
        The title above the picture.
    path : Path
        The PNG to write; it appears only when it is complete.
    """
    # matplotlib's Figure without pyplot: no window, no global state.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    axis = figure.subplots()
    width = 0.8 / len(histograms)
    places = np.arange(len(feature.bins))
    for number, (name, counts) in enumerate(histograms):
        percent = 100 * counts / max(counts.sum(), 1)
        offset = (number - (len(histograms) - 1) / 2) * width
        axis.bar(places + offset, percent, width, label=name)
    axis.set_xticks(places, feature.bins)
    axis.set(xlabel=feature.axis, ylabel=f"% of the {feature.counted}", title=title)
    axis.grid(axis="y", alpha=0.3)
    axis.set_axisbelow(True)
    axis.legend()
    with temporary_beside(path) as temporary:
        figure.savefig(temporary, format="png")
