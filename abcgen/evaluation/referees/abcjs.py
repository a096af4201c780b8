"""abcjs, the library behind most ABC players of the web, run by Node."""

import functools
import html
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from abcgen.evaluation.referees.adding_up import FINEST, BarLine, Meter, bar_complaint
from abcgen.evaluation.referees.referee import Referee, one_line
from abcgen.support.programs import SECONDS, ProgramError, output_of

#: The environment variable that names a folder which holds ``node_modules/abcjs``.
ABCJS_FOLDER = "ABCGEN_ABCJS"
_NODE = "node"
_SECONDS_MORE = 0.1  # that Node may take for each further tune

#: Node looks for abcjs from the folder in its first argument on, and upwards from there.
_FIND_SCRIPT = """
const found = require.resolve("abcjs", { paths: [process.argv[1]] });
const abcjs = require(found);
"""
_VERSION_SCRIPT = """
console.log(String(abcjs.signature).replace(/^\\D*/, "") || "unknown");
"""
#: Texts of tunes as JSON on stdin; on stdout a list of {warnings, voices} or {error}. Each voice
#: is a list of notes (tuplets applied, grace notes left out), metres (0, 0 for none) and bars.
_SCRIPT = """
function meterOf(item) {
  if (item.type === "common_time" || item.type === "cut_time") return ["meter", 1, 1];
  if (item.type !== "specified") return ["meter", 0, 0];
  // Such as 2+3/8, and 2/4 3/4, whose bars go on by turns and are left alone.
  if (item.value.length !== 1) return ["meter", 0, 0];
  const beats = item.value[0].num.replace(/[()]/g, "").split("+").map(Number);
  return ["meter", beats.reduce((sum, beat) => sum + beat, 0), Number(item.value[0].den || 1)];
}

function read(text) {
  const tune = abcjs.parseOnly(text)[0];
  if (!tune) return { error: "it finds no tune" };
  const voices = new Map();
  for (const line of tune.lines) {
    (line.staff || []).forEach((staff, staffIndex) => staff.voices.forEach((items, voiceIndex) => {
      const name = staffIndex + "," + voiceIndex;
      if (!voices.has(name)) voices.set(name, []);
      const voice = voices.get(name);
      if (staff.meter) voice.push(meterOf(staff.meter));
      let factor = 1;
      for (const item of items) {
        if (item.el_type === "note") {
          if (item.startTriplet) factor = item.tripletMultiplier;
          const silent = item.rest && item.rest.type === "spacer";
          if (!silent) voice.push(["note", item.duration * factor || 0]);
          if (item.endTriplet) factor = 1;
        } else if (item.el_type === "bar") {
          voice.push(["bar", item.type, Boolean(item.startEnding)]);
        } else if (item.el_type === "meter") {
          voice.push(meterOf(item));
        }
      }
    }));
  }
  return { warnings: tune.warnings || [], voices: [...voices.values()] };
}

const answers = JSON.parse(require("fs").readFileSync(0, "utf8")).map((text) => {
  try { return read(text); } catch (error) { return { error: String(error) }; }
});
process.stdout.write("\\n" + JSON.stringify(answers) + "\\n");
"""


class Abcjs(Referee):
    """abcjs, run by Node, which is to warn of nothing; and the bars as it reads them.

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
        """Return the version that abcjs has on it, or an empty string if Node finds none."""
        node = shutil.which(_NODE)
        return _abcjs_version(node, _abcjs_folder()) if node else ""

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or the first warning, or what is wrong with a bar."""
        if not tunes:
            return []
        limit = SECONDS + _SECONDS_MORE * len(tunes)
        try:
            command = [_NODE, "-e", _FIND_SCRIPT + _SCRIPT, _abcjs_folder()]
            said = output_of(command, stdin=json.dumps(tunes), limit=limit)
            found = json.loads(said.splitlines()[-1])  # abcjs may have logged before
        except (ProgramError, IndexError, ValueError) as error:
            if len(tunes) == 1:
                return [one_line(str(error)) or "abcjs gave no answer"]
            # One of them stops Node; the others are to have their verdicts all the same.
            middle = len(tunes) // 2
            return [*self.judge(tunes[:middle]), *self.judge(tunes[middle:])]
        return [self._verdict(one) for one in found]

    def _verdict(self, found: dict[str, Any]) -> str | None:
        if found.get("error"):
            return one_line(f"abcjs failed: {found['error']}")
        if found["warnings"]:
            # The place in the music follows behind two spaces, marked in HTML.
            message = str(found["warnings"][0]).split(":  ")[0]
            return one_line(html.unescape(re.sub(r"<[^>]*>", "", message)))
        voices = (bar_complaint(_abcjs_symbols(voice)) for voice in found["voices"] or [[]])
        return next(filter(None, voices), None)


def _abcjs_symbols(voice: list[list[Any]]) -> Iterator[Fraction | Meter | BarLine]:
    """Yield what `_SCRIPT` gives for a voice: ["note", length], ["meter", ...], ["bar", ...]."""
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
    """Return the folder from which Node is to look for abcjs."""
    return os.environ.get(ABCJS_FOLDER) or os.getcwd()


@functools.cache
def _abcjs_version(node: str, folder: str) -> str:
    """Return the version that Node finds from a folder on, or an empty string."""
    try:
        return output_of([node, "-e", _FIND_SCRIPT + _VERSION_SCRIPT, folder]).strip()
    except ProgramError:
        return ""
