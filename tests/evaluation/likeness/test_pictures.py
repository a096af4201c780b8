from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abcgen.evaluation.likeness.pictures import picture_file, plot_histogram
from abcgen.melodies.features import FEATURES


def test_a_picture_shows_shares(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(
        "matplotlib.figure.Figure.savefig", lambda figure, *_, **__: shown.append(figure)
    )
    feature = FEATURES[0]
    some = np.zeros(12, np.int64)
    some[[0, 7]] = 3, 1
    none = np.zeros(12, np.int64)
    path = picture_file(feature, tmp_path)
    plot_histogram(feature, [("one", some), ("other", none)], "Title", path)
    assert path.name == "pitch-classes.png"
    (axis,) = shown[0].axes
    heights = [[bar.get_height() for bar in bars] for bars in axis.containers]
    assert heights[0] == [75, *[0] * 6, 25, *[0] * 4]
    assert heights[1] == [0] * 12
    middles = [(bar.get_x() + bar.get_width() / 2) for bar in axis.containers[0]]
    assert np.allclose(middles, np.arange(12) - 0.2)
    assert [label.get_text() for label in axis.get_xticklabels()] == list(feature.bins)
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "other"]
    assert (axis.get_title(), axis.get_xlabel(), axis.get_ylabel()) == (
        "Title",
        "semitones above the tonic",
        "% of the notes",
    )
