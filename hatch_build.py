"""Compiles `abcgen/model/factors/_readers.c` if there is a C compiler; abcgen works without it."""

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

MODULE, SOURCE = "abcgen.model.factors._readers", "abcgen/model/factors/_readers.c"


class CompilingHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled module next to its source, and into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is built; remove what was compiled before."""
        source = Path(self.root, SOURCE)
        target = None
        try:
            target = _compile(source, self.metadata.version)
        except Exception as error:  # whatever a missing compiler raises
            self.app.display_warning(f"abcgen reads factors in Python, without C: {error}")
        for old in source.parent.glob("_readers.*[do]"):
            if old != target:
                with suppress(OSError):
                    old.unlink()
        if target is None:
            return
        build_data["pure_python"] = False
        platform = get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"cp311-abi3-{platform}"  # one wheel for Python 3.11 and newer
        build_data["artifacts"].append(f"/{target.relative_to(self.root).as_posix()}")


def _compile(source: Path, version: str) -> Path:
    """Compile the module for a version of abcgen; return its file."""
    macros = [("ABCGEN_VERSION", f'"{version}"'), ("Py_LIMITED_API", "0x030B0000")]
    extension = Extension(MODULE, [str(source)], define_macros=macros, py_limited_api=True)
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
