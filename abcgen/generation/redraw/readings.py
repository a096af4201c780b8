"""The tunes that were read last, so that the same is not read again soon."""

import re
import threading
from collections import OrderedDict

from abcgen.generation.redraw.bars import BarredTune, barred
from abcgen.model.vocabulary import Vocabulary

_KEPT = 128
_NUMBER = re.compile(r"\AX:(\d{1,9})\n")


class Readings:
    """Tunes as a network reads them; for several threads at once.

    Parameters
    ----------
    vocabulary : Vocabulary
        The network's.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lock = threading.Lock()
        #: By text without number, and style.
        self._read: OrderedDict[tuple[str, str], BarredTune] = OrderedDict()

    def of(self, abc: str, style: str = "") -> BarredTune:
        """Return what `barred` reads of a tune; errors are the same."""
        number = _NUMBER.match(abc)
        if not number:
            return barred(abc, self._vocabulary, style)
        key = abc[number.end() :].rstrip("\n"), style
        with self._lock:
            found = self._read.get(key)
        if found is None:
            found = barred(abc, self._vocabulary, style)
        self._keep(key, found)
        return found._replace(number=int(number[1]))

    def add(self, abc: str, tune: BarredTune) -> None:
        """Keep what would be read of a tune, if its style is not asked for."""
        if number := _NUMBER.match(abc):
            self._keep((abc[number.end() :].rstrip("\n"), ""), tune)

    def _keep(self, key: tuple[str, str], tune: BarredTune) -> None:
        with self._lock:
            self._read[key] = tune
            self._read.move_to_end(key)
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
