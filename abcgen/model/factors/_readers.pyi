from typing import Any

from numpy.typing import NDArray

version: str

def read(
    tunes: NDArray[Any],
    beginning: NDArray[Any],
    texts: NDArray[Any],
    ways: NDArray[Any],
    layout: NDArray[Any],
    moving: NDArray[Any],
    characters: NDArray[Any],
    symbols: NDArray[Any],
) -> int: ...
def situate(tunes: NDArray[Any], texts: NDArray[Any], situations: NDArray[Any]) -> None: ...
