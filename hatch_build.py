"""Compiles `abcgen/factors/_readers.c` where there is a C compiler; abcgen does without, too."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

MODULE, SOURCE = "abcgen.factors._readers", "abcgen/factors/_readers.c"


class CompilingHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled module into the wheel, or beside its source for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is made."""
        source = Path(self.root, SOURCE)
        with tempfile.TemporaryDirectory() as folder:
            try:
                compiled = _compiled(source, folder)
            except Exception as error:  # whatever a compiler that is not there makes of it
                self.app.display_warning(f"abcgen reads factors in Python, without C: {error}")
                return
            target = source.with_name(compiled.name)
            shutil.copy(compiled, target)
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"].append(f"/{target.relative_to(self.root).as_posix()}")


def _compiled(source: Path, folder: str) -> Path:
    """Return the compiled module, in a folder."""
    command = build_ext(Distribution({"ext_modules": [Extension(MODULE, [str(source)])]}))
    command.build_lib = command.build_temp = folder
    command.ensure_finalized()
    command.run()
    return Path(command.get_outputs()[0])
