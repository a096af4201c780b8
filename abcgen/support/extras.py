"""Optional dependencies: what to say when one is missing."""

import importlib.util

from abcgen.errors import AbcgenError


def require(module: str, extra: str) -> None:
    """Raise unless a module can be imported.

    Parameters
    ----------
    module : str
        The module that is needed.
    extra : str
        abcgen's extra that installs it.

    Raises
    ------
    AbcgenError
        With the `pip install` command that installs it.
    """
    if importlib.util.find_spec(module) is None:
        raise AbcgenError(f"this needs {module}, which is missing: pip install 'abcgen[{extra}]'")
