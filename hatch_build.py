"""Compiles `abcgen/model/factors/_readers.c` where there is a C compiler; abcgen can do without."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

MODULE, SOURCE = "abcgen.model.factors._readers", "abcgen/model/factors/_readers.c"


class CompilingHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled module beside its source, and into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is made."""
        source = Path(self.root, SOURCE)
        try:
            target = _compile(source, self.metadata.version)
        except Exception as error:  # whatever a compiler that is not there makes of it
            self.app.display_warning(f"abcgen reads factors in Python, without C: {error}")
            for old in source.parent.glob("_readers.*[do]"):
                with suppress(OSError):
                    old.unlink()
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"].append(f"/{target.relative_to(self.root).as_posix()}")


def _compile(source: Path, version: str) -> Path:
    """Compile the module for a version of abcgen; return where it is."""
    extension = Extension(MODULE, [str(source)], define_macros=[("ABCGEN_VERSION", f'"{version}"')])
    command = build_ext(Distribution({"ext_modules": [extension]}))
    with tempfile.TemporaryDirectory() as folder:
        command.build_lib = command.build_temp = folder
        command.ensure_finalized()
        command.run()
        compiled = Path(command.get_outputs()[0])
        target = source.with_name(compiled.name)
        # Not over the old one, which some process may have open.
        new = shutil.copy(compiled, f"{target}.new")
        os.replace(new, target)
    return target
