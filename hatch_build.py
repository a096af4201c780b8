"""Compiles the C sources of abcgen if there is a C compiler; abcgen works without them."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from sysconfig import get_platform
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

#: Each is compiled into a module next to it.
SOURCES = (
    "abcgen/model/critic/_words.c",
    "abcgen/model/factors/_readers.c",
    "abcgen/model/lookup/_lookup.c",
)
#: A product and a sum are rounded one after the other, as in Python, wherever a processor could do
#: both at once.
_FLAGS = [] if os.name == "nt" else ["-O3", "-ffp-contract=off"]


class CompilingHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled modules next to their sources, and into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is built; remove what was compiled before."""
        for source in (Path(self.root, name) for name in SOURCES):
            target = None
            try:
                target = _compile(source, self.metadata.version)
            except Exception as error:  # whatever a missing compiler raises
                self.app.display_warning(f"abcgen does without {source.name}: {error}")
            for old in source.parent.glob(f"{source.stem}.*[do]"):
                if old != target:
                    with suppress(OSError):
                        old.unlink()
            if target is None:
                continue
            build_data["pure_python"] = False
            platform = get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"cp311-abi3-{platform}"  # one wheel for Python 3.11 and newer
            build_data["artifacts"].append(f"/{target.relative_to(self.root).as_posix()}")


def _compile(source: Path, version: str) -> Path:
    """Compile a module for a version of abcgen; return its file."""
    macros = [("ABCGEN_VERSION", f'"{version}"'), ("Py_LIMITED_API", "0x030B0000")]
    extension = Extension(
        source.stem,
        [str(source)],
        define_macros=macros,
        py_limited_api=True,
        extra_compile_args=_FLAGS,
    )
    command = build_ext(Distribution({"ext_modules": [extension]}))
    with tempfile.TemporaryDirectory() as folder:
        command.build_lib = command.build_temp = folder
        command.ensure_finalized()
        command.run()
        compiled = Path(command.get_outputs()[0])
        target = source.with_name(compiled.name)
        # Replaced rather than overwritten, since a process may have the old one open.
        new = shutil.copy(compiled, f"{target}.new")
        os.replace(new, target)
    return target
