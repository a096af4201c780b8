"""The networks of a studio: the one that it was started with, and those that were trained in it."""

import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from abcgen.studio.fields import RefusedError

if TYPE_CHECKING:
    from abcgen import Generator
    from abcgen.api.batch import Batch

_MANIFEST = "checkpoint.json"
#: Besides the first, so many are held in memory.
_MOST_LOADED = 2
_LEFT_OUT = shutil.ignore_patterns("resume")


class Networks:
    """Networks by name, each loaded when it is first asked for.

    Parameters
    ----------
    first : callable
        Loads the network that is used unless another is named.
    folder : Path
        Where those that are trained here are kept, each in a folder of its name.
    """

    def __init__(self, first: "Callable[[], Generator]", folder: Path) -> None:
        self.folder = folder
        self._first = first
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, Batch] = OrderedDict()

    def names(self) -> list[str]:
        """Return the names of those that were trained here."""
        return sorted(path.parent.name for path in self.folder.glob(f"*/{_MANIFEST}"))

    def batch(self, name: str = "") -> "Batch":
        """Return what draws with a network.

        Raises
        ------
        RefusedError
            If there is none of that name.
        CheckpointError
            If it is damaged.
        """
        if name and name not in self.names():
            raise RefusedError(404, f"no network {name[:40]!r} was trained here")
        with self._lock:
            if name in self._loaded:
                self._loaded.move_to_end(name)
            else:
                self._loaded[name] = self._made(name)
                others = [one for one in self._loaded if one]
                if len(others) > _MOST_LOADED:
                    self._loaded.pop(others[0]).close()
            return self._loaded[name]

    def _made(self, name: str) -> "Batch":
        import abcgen
        from abcgen.api.batch import Batch

        return Batch(abcgen.load(self.folder / name) if name else self._first())

    def keep(self, folder: Path, name: str) -> None:
        """Keep a copy of a checkpoint under a name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".{name}"
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.copytree(folder, temporary, ignore=_LEFT_OUT)
        temporary.rename(self.folder / name)

    def close(self) -> None:
        """Stop all that draws."""
        for batch in self._loaded.values():
            batch.close()
