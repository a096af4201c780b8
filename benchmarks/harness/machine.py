"""The machine and the libraries that figures were measured on."""

import os
import platform
import re
from importlib import metadata
from pathlib import Path

from abcgen import __version__

_UNKNOWN = "unknown"
_ABSENT = "not installed"
#: What the speed depends on besides Python: the name shown -> the distribution.
_LIBRARIES = {
    "numpy": "numpy",
    "LiteRT": "ai-edge-litert",
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "PyTorch": "torch",
    "music21": "music21",
}
_KIB_IN_GIB = 1 << 20


def machine() -> str:
    """Return the machine in a few words."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def described() -> dict[str, str]:
    """Return the name and version of everything that the figures depend on."""
    return {
        "processor": processor_of(_text("/proc/cpuinfo"), platform.processor()),
        "cores": str(os.cpu_count() or _UNKNOWN),
        "memory": memory_of(_text("/proc/meminfo")),
        "system": f"{_system()}, {platform.machine()}",
        "abcgen": f"{__version__}, factors in {_language_of_factors()}",
        "Python": f"{platform.python_version()}, {platform.python_implementation()}",
        **{name: version_of(distribution) for name, distribution in _LIBRARIES.items()},
    }


def processor_of(cpuinfo: str, otherwise: str) -> str:
    """Return the processor's name.

    Parameters
    ----------
    cpuinfo : str
        Linux's ``/proc/cpuinfo``; empty elsewhere. Some processors have no name there.
    otherwise : str
        The name that Python gives, which may be empty.
    """
    named = re.search(r"^model name[ \t]*:[ \t]*(\S.*)$", cpuinfo, re.MULTILINE)
    return (named[1].strip() if named else otherwise) or _UNKNOWN


def instructions_of(cpuinfo: str, otherwise: str) -> str:
    """Return the widest vector instructions of a processor: ``amx``, ``avx512`` or ``avx2``.

    Speeds that depend on matrix products differ several times between processors that have them
    and those that do not, and not alike for all libraries, so that even ratios differ.

    Parameters
    ----------
    cpuinfo : str
        Linux's ``/proc/cpuinfo``; empty elsewhere.
    otherwise : str
        What to return where none of them is found: the architecture, such as ``arm64``.
    """
    flags = set(cpuinfo.split())
    for name, flag in (("amx", "amx_int8"), ("avx512", "avx512f"), ("avx2", "avx2")):
        if flag in flags:
            return name
    return otherwise


def instructions() -> str:
    """Return the vector instructions of this machine; see `instructions_of`."""
    return instructions_of(_text("/proc/cpuinfo"), platform.machine())


def memory_of(meminfo: str) -> str:
    """Return the memory of the machine, from Linux's ``/proc/meminfo``."""
    total = re.search(r"^MemTotal:\s*(\d+) kB$", meminfo, re.MULTILINE)
    return f"{int(total[1]) / _KIB_IN_GIB:.1f} GiB" if total else _UNKNOWN


def version_of(distribution: str) -> str:
    """Return the version of an installed distribution, without loading it."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return _ABSENT


def _language_of_factors() -> str:
    try:
        import abcgen.model.factors.readers  # noqa: F401
    except ImportError:
        return "Python"
    return "C"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform(terse=True)


def _text(path: str) -> str:
    """Return the text of a file, or an empty string if it does not exist, as outside Linux."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
