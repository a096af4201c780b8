from typing import Any

from numpy.typing import NDArray

version: str

def add_up(
    table: NDArray[Any],
    rows: NDArray[Any],
    symbols: NDArray[Any],
    sums: NDArray[Any],
    start: int,
) -> None: ...
def add_on(
    table: NDArray[Any], rows: NDArray[Any], symbols: NDArray[Any], sums: NDArray[Any]
) -> None: ...
def add_steps(
    table: NDArray[Any],
    rows: NDArray[Any],
    away: NDArray[Any],
    recalled: NDArray[Any],
    bounds: NDArray[Any],
    situations: NDArray[Any],
    logits: NDArray[Any],
) -> None: ...
def add_echoes(
    echoes: NDArray[Any],
    classes: NDArray[Any],
    numbers: NDArray[Any],
    situations: NDArray[Any],
    symbols: NDArray[Any],
    logits: NDArray[Any],
) -> None: ...
def add_plan(
    direct: NDArray[Any],
    rows: NDArray[Any],
    trust: NDArray[Any],
    fresh: NDArray[Any],
    letters: NDArray[Any],
    notes: NDArray[Any],
    strength: NDArray[Any],
    numbers: NDArray[Any],
    symbols: NDArray[Any],
    before: NDArray[Any],
    says: NDArray[Any],
    logits: NDArray[Any],
) -> None: ...
