"""How long the page of the studio takes, in a real browser, for what people wait for.

    python -m benchmarks.speed.page [--times 20]

A studio is started on a new book, and Chromium opens its page. Printed are seconds on the clock, as
the page itself sees them, from a click or a key until what it asked for is there; then the memory
of the studio after a number of requests. Needs the extra `dev` and Chromium.
"""

import argparse
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from abcgen.errors import AbcgenError
from abcgen.support.console import table
from abcgen.support.guard import guarded
from benchmarks.harness.a_studio import Studio, a_studio

_STARTS = 5
_BROWSERS = ("chromium", "chromium-browser", "chrome")
#: Does something in the page, and returns the milliseconds until it is seen.
_SEEN = """([act, done]) => new Promise((resolve) => {
    const before = document.querySelector("#score svg");
    const there = eval(done);
    const start = performance.now();
    const look = () => {
        if (there(before)) resolve(performance.now() - start);
        else requestAnimationFrame(look);
    };
    eval(act)();
    look();
})"""
_AT_REST = '!document.body.classList.contains("working")'
_NEW_SCORE = '(before) => document.querySelector("#score svg") !== before'
_COMPOSE = '() => document.querySelector("#compose").click()'
_PLAY = '() => document.querySelector("#play").click()'
_LIT = '() => document.querySelector("#score .lit")'
_SILENT = f'() => !document.querySelector("#score .lit") && {_AT_REST}'
_MARK = """() => [4, 5, 6].forEach((n) => document.querySelectorAll("#score .ground")[n]
    .dispatchEvent(new MouseEvent("click", {bubbles: true})))"""
_REDRAW = '() => document.querySelector("#redraw").click()'
_OTHERS = f'() => document.querySelectorAll("#others li").length && {_AT_REST}'
_TYPE = """() => {
    const text = document.querySelector("#text");
    text.value = text.value.replace(/^T:/m, "T:A");
    text.dispatchEvent(new Event("input", {bubbles: true}));
}"""


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if chromium is None:
        raise AbcgenError(f"no browser is found: expected one of {', '.join(_BROWSERS)}")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def waits(browser: Any, studio: Studio, times: int) -> dict[str, list[float]]:
    """Return the seconds of each wait."""
    took: dict[str, list[float]] = {}

    def seen(what: str, act: str, done: str) -> float:
        seconds: float = page.evaluate(_SEEN, [act, done]) / 1000
        took.setdefault(what, []).append(seconds)
        return seconds

    for number in range(times):
        context = browser.new_context()
        page = context.new_page()
        page.goto(studio.url)
        page.wait_for_selector("body[data-ready]")
        ready = page.evaluate("performance.now()") / 1000
        took.setdefault("the page is ready", []).append(ready)
        page.fill("#seed", str(number + 1))
        page.select_option("#rhythm", "reel")
        shown = seen("Compose: the score", _COMPOSE, _NEW_SCORE)
        sound = seen("Play: the first sound", _PLAY, _LIT)
        took.setdefault("Compose and Play together", []).append(shown + sound)
        page.evaluate(_SEEN, [_PLAY, _SILENT])
        page.wait_for_selector("body:not(.working)")
        seen("a key in the text: the new score", _TYPE, _NEW_SCORE)
        page.evaluate(_SEEN, [_MARK, f"() => {_AT_REST}"])
        seen("Redraw 3 bars: 6 others", _REDRAW, _OTHERS)
        context.close()
    return took


def ask_often(studio: Studio, requests: int) -> None:
    """Compose, look at and schedule tunes, one request after the other."""
    with httpx.Client(base_url=studio.url, timeout=60, trust_env=False) as client:
        for number in range(requests // 3):
            answer = client.post("/api/compose", json={"seed": number}).json()
            abc = answer["tunes"][0]["abc"]
            for path in ("check", "schedule"):
                client.post(f"/api/{path}", json={"abc": abc}).raise_for_status()


def _run(arguments: argparse.Namespace) -> int:
    rows: list[tuple[str, ...]] = [("what", "times", "median s", "least s", "most s")]

    def add(what: str, took: list[float]) -> None:
        figures = (statistics.median(took), min(took), max(took))
        rows.append((what, str(len(took)), *(f"{figure:.3f}" for figure in figures)))

    starts = []
    for _ in range(_STARTS):
        with a_studio() as studio:
            starts.append(studio.took)
    add("the studio starts", starts)
    with a_studio() as studio:
        with _browser() as browser:
            for what, took in waits(browser, studio, arguments.times).items():
                add(what, took)
        ask_often(studio, arguments.requests)
        memory = studio.peak_memory()
    print(table(rows, align="<>>>>"))
    if memory:
        print(f"{memory} of memory at most, after {arguments.requests} requests more")
    return 0


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=20, help="how often each (default: 20)")
    parser.add_argument("--requests", type=int, default=1000, help="(default: 1000)")
    return guarded("benchmarks.speed.page", lambda: _run(parser.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
