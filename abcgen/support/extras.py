"""Optional dependencies: what to say when one is missing."""

import importlib
import importlib.util
from types import ModuleType

from abcgen.errors import AbcgenError


def require(module: str, extra: str, what: str = "this") -> None:
    """Raise unless a module can be imported; it is not loaded.

    Parameters
    ----------
    module : str
        The module that is needed.
    extra : str
        abcgen's extra that installs it.
    what : str
        What needs it: ``a score``.

    Raises
    ------
    AbcgenError
        With the `pip install` command that installs it.
    """
    if importlib.util.find_spec(module) is None:
        raise AbcgenError(f"{what} needs {module}, which is missing: pip install 'abcgen[{extra}]'")


def needed(module: str, extra: str, what: str = "this") -> ModuleType:
    """Import an optional module and return it; see `require`.

    Raises
    ------
    AbcgenError
        If it is missing, or is there but cannot be loaded, with what mends it.
    """
    require(module, extra, what)
    try:
        return importlib.import_module(module)
    except ImportError as error:  # such as a wheel for another system
        raise AbcgenError(
            f"{what} needs {module}, which cannot be loaded ({error}): "
            f"pip install --force-reinstall 'abcgen[{extra}]'"
        ) from None
