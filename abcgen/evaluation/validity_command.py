"""What `abcgen.evaluate --validity` does: let the referees check tunes, and report."""

import json
from collections.abc import Sequence

from abcgen.errors import AbcgenError
from abcgen.evaluation.referees import REFEREES
from abcgen.evaluation.validity import find_tunes, judge
from abcgen.evaluation.validity_report import as_json, report
from abcgen.support.console import Progress, say

COMMAND = "abcgen.evaluate"


def run(files: Sequence[str], jobs: int, show: int, *, json_wanted: bool) -> str:
    """Return the report on the validity of tunes, as text or JSON.

    Parameters
    ----------
    files : sequence of str
        The tunes, as `abcgen.evaluation.validity.find_tunes` takes them.
    jobs : int
        Processes that share the work.
    show : int
        The most invalid tunes to list, if the report is text.
    json_wanted : bool
        Whether to return everything as JSON.

    Raises
    ------
    AbcgenError
        If no referee is installed, or a worker process died.
    CorpusError
        If the files cannot be read.
    """
    tunes = find_tunes(files)
    missing = {r.name: reason for r in REFEREES if (reason := r.available()) is not None}
    for name, reason in missing.items():
        say(COMMAND, f"left out: {name}: {reason}")
    texts = [tune.text for tune in tunes]
    with Progress(COMMAND, "tunes", len(texts), "checking") as progress:
        verdicts = judge(texts, REFEREES, jobs=jobs, progress=progress.reach)
    if not verdicts:
        raise AbcgenError("no referee is installed")
    if json_wanted:
        return json.dumps(as_json(tunes, verdicts, missing), indent=2, ensure_ascii=False)
    return report(tunes, verdicts, show)
