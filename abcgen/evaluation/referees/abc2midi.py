"""abc2midi, the converter from abcMIDI."""

import concurrent.futures
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from abcgen.evaluation.referees.referee import Referee, one_line
from abcgen.support.processes import num_processors
from abcgen.support.programs import ProgramError, output_of

_PROCESSES = min(4, num_processors())  # at a time


class Abc2midi(Referee):
    """abc2midi: a tune is valid if it reports neither an error nor a warning."""

    name = "abc2midi"

    def available(self) -> str | None:
        """Return None if abc2midi is on the path."""
        if shutil.which(self.name):
            return None
        return "abc2midi is not installed: it comes with abcMIDI (apt install abcmidi)"

    def version(self) -> str:
        """Return the first word of what ``abc2midi -ver`` prints."""
        words = output_of([self.name, "-ver"]).split()
        return words[0] if words else ""

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or the first error, or else the first warning."""
        with concurrent.futures.ThreadPoolExecutor(_PROCESSES) as pool:
            return list(pool.map(self._judge_one, tunes))

    def _judge_one(self, tune: str) -> str | None:
        # One tune per process: what is left open in one (a chord, a repeat) spoils the next.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "tune.abc")
            path.write_text(tune, encoding="utf-8", newline="\n")
            try:
                output = output_of([self.name, str(path), "-c"], folder)
            except ProgramError as error:
                return str(error)
        for sign in ("Error", "Warning"):
            for line in output.splitlines():
                if line.startswith(sign):
                    return one_line(line)
        return None
