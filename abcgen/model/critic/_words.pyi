from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.model.plans.outline import OutlinedBar

version: str

def known(words: list[str], /) -> Any: ...
def count(
    known: Any, bars: list[OutlinedBar], tonic: int, ticks: int, counts: NDArray[np.int32], /
) -> None: ...
