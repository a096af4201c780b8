"""New folk tunes in ABC notation, made by a character-level LSTM.

>>> import abcgen
>>> print(abcgen.load().tune(seed=1, rhythm="reel"))

The names below load on first use, so importing abcgen costs nothing.
"""

from typing import TYPE_CHECKING

__version__ = "0.24.0"

#: Public name -> the module that defines it.
_HOMES = {
    "AbcgenError": "abcgen.errors",
    "Generator": "abcgen.api.generator",
    "Tune": "abcgen.api.tune",
    "Tunebook": "abcgen.api.books",
    "check": "abcgen.api.books",
    "generate": "abcgen.api.load",
    "load": "abcgen.api.load",
    "read": "abcgen.api.books",
    "write": "abcgen.api.books",
}
__all__ = [
    "AbcgenError",
    "Generator",
    "Tune",
    "Tunebook",
    "check",
    "generate",
    "load",
    "read",
    "write",
]

if TYPE_CHECKING:
    from abcgen.api.books import Tunebook, check, read, write
    from abcgen.api.generator import Generator
    from abcgen.api.load import generate, load
    from abcgen.api.tune import Tune
    from abcgen.errors import AbcgenError


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'abcgen' has no attribute {name!r}")
    import importlib

    found = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
