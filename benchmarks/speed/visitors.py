"""Many visitors of a studio at once, each of whom composes, redraws, plays and saves.

    python -m benchmarks.speed.visitors [--visitors 50] [--seconds 60] [--pause 5]

A studio is started on a new book. Printed are, for each thing that visitors do, how often it was
done and how long it took; then whether any answer was an error or any tune that was saved is
missing, and the memory that the studio has at the end.
"""

import argparse
import random
import statistics
import threading
import time
from collections import defaultdict
from typing import Any

import httpx

from abcgen.support.console import table
from benchmarks.harness.a_studio import Studio, a_studio

_BARS = (3, 10)  # from which the three bars begin that are redrawn


class Visitor(threading.Thread):
    """Somebody who does one thing after the other, with pauses of a chance length between."""

    def __init__(self, url: str, number: int, seconds: float, pause: float) -> None:
        super().__init__()
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.saved: dict[int, str] = {}
        self._url, self._chance = url, random.Random(number)
        self._end, self._pause = time.monotonic() + seconds, pause

    def run(self) -> None:
        """Visit the studio until the time is over."""
        with httpx.Client(base_url=self._url, timeout=60, trust_env=False) as self._client:
            while self._rest():
                try:
                    self._work()
                except (httpx.HTTPError, RuntimeError) as error:
                    self.errors.append(repr(error))

    def _rest(self) -> bool:
        time.sleep(2 * self._pause * self._chance.random())
        return time.monotonic() < self._end

    def _work(self) -> None:
        (tune,) = self._ask("compose", seed=self._chance.randrange(10**6), rhythm="reel")["tunes"]
        if self._rest():
            self._ask("schedule", abc=tune["abc"])
        first = self._chance.randint(*_BARS)
        bars = f"{first}-{first + 2}"
        if self._rest() and max(tune["bars"]) > _BARS[1] + 2:
            asked = {"abc": tune["abc"], "bars": bars, "show": bars, "alternatives": 6}
            tune = self._ask("change", how="redraw", **asked)["tunes"][0]
        if self._rest():
            self.saved[self._ask("book", abc=tune["abc"], how="x")["tune"]] = tune["abc"]

    def _ask(self, path: str, **asked: object) -> dict[str, Any]:
        start = time.perf_counter()
        answer = self._client.post(f"/api/{path}", json=asked)
        self.took[path].append(time.perf_counter() - start)
        if answer.status_code != 200 and "nothing else there" not in answer.text:
            raise RuntimeError(answer.text)
        return answer.json() if answer.status_code == 200 else {"tunes": [{"abc": asked["abc"]}]}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=5, help="seconds, on average (default: 5)")
    arguments = parser.parse_args()
    with a_studio() as studio:
        _visit(studio, arguments)


def _visit(studio: Studio, arguments: argparse.Namespace) -> None:
    """Let all visitors come; print what they found."""
    numbers = range(arguments.visitors)
    visitors = [Visitor(studio.url, n, arguments.seconds, arguments.pause) for n in numbers]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    rows: list[tuple[str, ...]] = [("what", "times", "median s", "95 % within s", "longest s")]
    for what in ("compose", "schedule", "change", "book"):
        took = sorted(one for visitor in visitors for one in visitor.took[what])
        if took:
            late = took[int(0.95 * (len(took) - 1))]
            figures = (statistics.median(took), late, took[-1])
            rows.append((what, str(len(took)), *(f"{figure:.2f}" for figure in figures)))
    print(table(rows, align="<>>>>"))
    errors = [error for visitor in visitors for error in visitor.errors]
    saved = {number: abc for visitor in visitors for number, abc in visitor.saved.items()}
    with httpx.Client(base_url=studio.url, timeout=60, trust_env=False) as client:
        lost = sum(
            client.get(f"/api/book/{number}").json()["versions"][0]["abc"] != abc
            for number, abc in saved.items()
        )
    print(f"{len(errors)} errors; {lost} of {len(saved)} saved tunes lost", *errors[:3], sep="\n")
    if memory := studio.peak_memory():
        print(memory, "of memory at most")


if __name__ == "__main__":
    main()
