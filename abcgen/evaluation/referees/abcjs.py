"""abcjs, the library behind most ABC players of the web, run by Node."""

import functools
import html
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib import resources
from typing import Any

from abcgen.evaluation.referees.adding_up import FINEST, BarLine, Meter, bar_complaint
from abcgen.evaluation.referees.referee import Referee, one_line
from abcgen.support.programs import SECONDS, ProgramError, output_of

#: The environment variable that names a folder which holds ``node_modules/abcjs``.
ABCJS_FOLDER = "ABCGEN_ABCJS"
_NODE = "node"
_SCRIPT_FILE = "abcjs_read.js"
_SECONDS_MORE = 0.1  # that Node may take for each further tune


class Abcjs(Referee):
    """abcjs: a tune is valid if it gives no warning, and the bars add up as abcjs reads them.

    abcjs itself does not add up bars, so this is done here: see `bar_complaint`.
    """

    name = "abcjs"

    def available(self) -> str | None:
        """Return None if Node is on the path and finds abcjs."""
        if not shutil.which(_NODE):
            return "Node.js is not installed, which abcjs needs: see nodejs.org"
        if self.version():
            return None
        return (
            "abcjs is not installed: npm install abcjs in the current folder, or in another "
            f"that {ABCJS_FOLDER} names"
        )

    def version(self) -> str:
        """Return the version of the abcjs that Node finds, or an empty string if there is none."""
        node = shutil.which(_NODE)
        return _version_of(node, _abcjs_folder()) if node else ""

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or the first warning, or what is wrong with a bar."""
        if not tunes:
            return []
        limit = SECONDS + _SECONDS_MORE * len(tunes)
        try:
            command = [_NODE, "-e", _script(), _abcjs_folder()]
            output = output_of(command, stdin=json.dumps(tunes), limit=limit)
            readings = json.loads(output.splitlines()[-1])
        except (ProgramError, IndexError, ValueError) as error:
            if len(tunes) == 1:
                return [one_line(str(error)) or "abcjs gave no answer"]
            # One of the tunes stops Node; the others are still to be judged.
            middle = len(tunes) // 2
            return [*self.judge(tunes[:middle]), *self.judge(tunes[middle:])]
        return [_complaint_of(reading) for reading in readings]


def _complaint_of(reading: dict[str, Any]) -> str | None:
    """Return what is wrong with a tune, from what `abcjs_read.js` printed about it."""
    if reading.get("error"):
        return one_line(f"abcjs failed: {reading['error']}")
    if reading["warnings"]:
        # After two spaces comes the place in the music, marked in HTML.
        message = str(reading["warnings"][0]).split(":  ")[0]
        return one_line(html.unescape(re.sub(r"<[^>]*>", "", message)))
    complaints = (bar_complaint(_symbols_of(voice)) for voice in reading["voices"] or [[]])
    return next(filter(None, complaints), None)


def _symbols_of(voice: list[list[Any]]) -> Iterator[Fraction | Meter | BarLine]:
    """Yield the symbols of a voice, from what `abcjs_read.js` printed about it."""
    for kind, *values in voice:
        if kind == "note":
            yield Fraction(values[0]).limit_denominator(FINEST)
        elif kind == "meter":
            yield Meter(Fraction(*values) if all(values) else None)
        else:
            name, ending = values
            yield BarLine(
                opens=name in ("bar_left_repeat", "bar_dbl_repeat"),
                closes=name in ("bar_right_repeat", "bar_dbl_repeat"),
                double=name in ("bar_thin_thin", "bar_thin_thick", "bar_thick_thin"),
                ending=ending,
                drawn=name != "bar_invisible",
            )


def _abcjs_folder() -> str:
    """Return the folder where Node begins to look for abcjs."""
    return os.environ.get(ABCJS_FOLDER) or os.getcwd()


@functools.cache
def _script() -> str:
    """Return the JavaScript that reads tunes."""
    return resources.files(__package__).joinpath(_SCRIPT_FILE).read_text(encoding="utf-8")


@functools.cache
def _version_of(node: str, folder: str) -> str:
    """Return the version that Node finds in a folder or above, or an empty string."""
    try:
        return output_of([node, "-e", _script(), folder, "version"]).strip()
    except ProgramError:
        return ""
