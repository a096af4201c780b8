import pytest

from abcgen.training.history import best_epoch


@pytest.mark.parametrize(
    ("rows", "best"),
    [
        ([(3.0, 0.0), (2.0, 0.0), (2.5, 0.0)], 2),
        ([(3.0, 0.0), (2.0, 0.3), (2.5, 0.1)], 3),  # what copies is not the best
        ([(3.0, 0.5), (2.0, 0.3), (2.5, 0.4)], 2),  # unless all do
    ],
)
def test_the_best_epoch_has_the_lowest_loss_and_does_not_copy(
    rows: list[tuple[float, float]], best: int
) -> None:
    history = [
        {"epoch": epoch, "val_loss": loss, "copied": copied}
        for epoch, (loss, copied) in enumerate(rows, 1)
    ]
    assert best_epoch(history, most_copied=0.1) == best
    assert best_epoch([{"epoch": 1.0, "val_loss": 2.0}], 1.0) == 1
