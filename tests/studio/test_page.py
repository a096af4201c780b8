"""The page in a real browser, against a real server. Needs playwright and Chromium."""

import base64
import itertools
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import abcgen
from abcgen.notation.rhythms import RHYTHMS
from abcgen.studio.server import __file__ as server_file
from tests.studio.servers import Server, studio
from tests.tunes import SPELLED, made_up_book

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")

PAGE = Path(server_file).with_name("page")
MOST_BYTES = 60_000
LOOPED = "X:1\nT:Looped\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|]\n"
HOSTILE = (
    "X:1\nT:<script>window.evil=1</script><img src=x onerror=window.evil=1>\nC:</svg><b>x\n"
    'R:reel\nM:4/4\nL:1/8\nK:C\n"<i>C"CDEF GABc|c4 z4|]\n'
)


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Desk:
    """A page of the studio, as one sits before it. Anything in the console is a fault."""

    def __init__(self, browser: playwright.Browser, server: Server, **settings: object) -> None:
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.messages: list[str] = []
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.server = server
        self.go()

    def go(self, address: str = "") -> None:
        self.page.goto("about:blank")
        self.page.goto(self.server.url + address)
        self.page.wait_for_selector("body[data-ready]")

    def done(self) -> None:
        """Wait until nothing is worked on."""
        self.page.wait_for_selector("body:not(.working)", timeout=60_000)

    def click(self, selector: str) -> None:
        self.page.click(selector)
        self.done()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.done()

    def compose(self, **wishes: str) -> str:
        for name, value in wishes.items():
            if name in ("seed", "form", "title"):
                self.page.fill(f"#{name}", value)
            else:
                self.page.select_option(f"#{name}", value)
        self.click("button#compose")
        return self.text

    def write(self, text: str) -> None:
        """Put a tune on the desk."""
        self.page.fill("#text", text)
        title = abcgen.Tune(text).title
        self.page.wait_for_function(f"() => document.title.startsWith({title!r})")
        self.done()

    def mark(self, *numbers: int) -> None:
        """Mark bars of the score, counted from 0 as they are written."""
        for number in numbers:
            # Beside its notes: a click on a note lets it be heard.
            self.page.locator("#score .ground").nth(number).dispatch_event("click")

    def saved(self, selector: str) -> tuple[str, bytes]:
        """Click what gives a file; return its name and content."""
        with self.page.expect_download() as waiting:
            self.page.click(selector)
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()

    @property
    def text(self) -> str:
        return self.page.input_value("#text")

    def says(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()


@pytest.fixture
def desk(browser: playwright.Browser, server: Server) -> Iterator[Desk]:
    desk = Desk(browser, server)
    yield desk
    desk.context.close()
    assert desk.messages == []
    assert {
        url for url in desk.asked if not url.startswith((server.url, "blob:", "about:"))
    } == set()


def test_whoever_comes_first_finds_a_tune(desk: Desk) -> None:
    assert desk.count("#score svg .note") > 10
    assert desk.text.startswith("X:1\n")
    assert desk.says("#status") == "Ready."
    # It is not in the book unless it is saved, and is not made again where one is opened.
    desk.click("#save")
    saved = desk.text
    desk.go()
    assert desk.text == saved
    desk.click("#remove")


def test_a_tune_is_composed_and_shown(desk: Desk) -> None:
    text = desk.compose(seed="4", rhythm="jig", tonic="A", mode="dor")
    assert text == abcgen.load().tune(seed=4, rhythm="jig", key="Ador").abc
    assert desk.count("#score svg .measure") > 8
    assert desk.count("#score svg .note") > 40
    assert abcgen.Tune(text).title in desk.page.title()


def test_marked_bars_are_redrawn_kept_and_undone(desk: Desk) -> None:
    before = desk.compose(seed="1", rhythm="reel")
    desk.mark(2, 4)
    assert "Marked: 2,4." in desk.says("#marked")
    desk.click("#redraw")
    assert 1 < desk.count("#others li") <= 6
    desk.click("#others li:nth-child(2) button:last-child")
    after = desk.text
    assert abcgen.check(after) is None
    assert "bars 2 4, seed" in after
    assert after.startswith("X:1\n")
    assert desk.page.is_hidden("#choice")
    desk.click("#undo")
    assert desk.text == before
    desk.click("#redo")
    assert desk.text == after


def test_locked_bars_stay(desk: Desk) -> None:
    desk.compose(seed="1", rhythm="reel")
    desk.mark(1)
    desk.page.locator("#score .ground").nth(12).dispatch_event("click", {"shiftKey": True})
    desk.click("#lock")
    assert "Locked: 1-12." in desk.says("#marked")
    desk.mark(2, 14)
    assert "Marked: 2,14." in desk.says("#marked")
    desk.click("#redraw")
    assert desk.says("#status") == "Ready."
    desk.press("1")
    assert "bars 14," in desk.text


def test_everything_goes_by_keys(desk: Desk) -> None:
    desk.page.fill("#seed", "1")
    desk.page.keyboard.press("Enter")
    desk.done()
    first = desk.text
    desk.page.focus("#score")
    desk.press("ArrowRight", "ArrowRight", "ArrowRight", "Enter", "Shift+ArrowRight")
    assert "Marked: 2-3." in desk.says("#marked")
    desk.press("r", "1")
    changed = desk.text
    assert changed != first
    desk.press("u")
    assert desk.text == first
    desk.press("y")
    assert desk.text == changed
    desk.press("s")
    assert desk.count("#entries [aria-current]") == 1
    desk.press("?")
    assert desk.page.is_visible("#keys")
    assert desk.count("#key-list dt") > 15
    desk.press("Escape", "t")
    assert desk.page.evaluate("() => document.activeElement.id") == "text"
    desk.press("Escape", "b")
    assert desk.page.evaluate("() => document.activeElement.id") == "search"


@pytest.mark.parametrize("button", ["vary", "answer", "go-on"])
def test_other_changes_offer_choices(desk: Desk, button: str) -> None:
    desk.compose(seed="1", rhythm="reel")
    desk.mark(2, 3)
    desk.click(f"#{button}")
    assert desk.count("#others li svg") >= 1
    desk.press("1")
    assert abcgen.check(desk.text) is None


def test_what_was_saved_is_there_after_a_reload_and_can_be_found(desk: Desk) -> None:
    text = desk.compose(seed="9", title="The Kept One")
    desk.click("#save")
    desk.mark(1)
    desk.click("#redraw")
    desk.press("1")
    desk.click("#save")
    assert desk.count("#versions li") == 2
    changed = desk.text
    desk.go()
    assert desk.text == changed
    desk.click("#versions li:first-child button")
    assert desk.text == text
    desk.page.fill("#tags", "evening")
    desk.page.press("#tags", "Enter")
    desk.done()
    desk.page.fill("#search", "kept evening")
    desk.page.wait_for_selector("#entries li:only-child")
    assert desk.says("#entries") == "The Kept One #evening"
    desk.click("#remove")
    assert desk.count("#entries li") == 0


def test_a_tunebook_goes_in_and_out(desk: Desk) -> None:
    desk.page.set_input_files(
        "#file", {"name": "a.abc", "mimeType": "text/plain", "buffer": made_up_book(3).encode()}
    )
    desk.done()
    assert "3 tunes imported" in desk.says("#status")
    name, content = desk.saved("#export")
    assert name == "book.abc"
    assert content.count(b"T:Made Up") == 3


def test_a_tunebook_to_learn_from_is_looked_at(desk: Desk) -> None:
    given = made_up_book(3) + "\nX:9\nT:none\nK:C\n[CE\n"
    desk.page.set_input_files(
        "#learn-file", {"name": "My Tunes.abc", "mimeType": "text/plain", "buffer": given.encode()}
    )
    desk.done()
    assert "3 tunes can be learned from; 1 cannot" in desk.says("#status")
    assert desk.count("#reasons li") == 1
    assert desk.page.input_value("#learn-name") == "My-Tunes"
    assert desk.page.is_enabled("#learn")


def test_files_to_take_along(desk: Desk) -> None:
    desk.write(SPELLED)
    begins = {
        "ABC": b"X:1\n",
        "MIDI": b"MThd",
        "WAV": b"RIFF",
        "MP3": b"\xff",
        "PDF": b"%PDF",
        "MusicXML": b"<?xml",
        "SVG": b"<svg",
    }
    for format_name, beginning in begins.items():
        name, content = desk.saved(f'#formats button:text-is("{format_name}")')
        assert name.startswith("the-plain-one.")
        assert content.startswith(beginning)


LOUD = """() => {
  const known = window.heard;
  window.heard = [];
  if (known) return;
  for (const { prototype } of [AudioBufferSourceNode, AudioScheduledSourceNode]) {
    const start = prototype.start;
    prototype.start = function (time) {
      window.heard.push([this.constructor.name, time]);
      return start.call(this, time);
    };
  }
}"""


def sounds(desk: Desk, kind: str = "AudioBufferSourceNode") -> list[float]:
    """Return when sounds of a kind begin, since `listen`."""
    heard = desk.page.evaluate("() => window.heard")
    return [time for name, time in heard if name == kind]


def listen(desk: Desk, text: str = SPELLED) -> None:
    """Put a tune on the desk, and take down what is given to Web Audio from now on."""
    desk.page.evaluate(LOUD)
    desk.write(text)


def wait_for_sounds(desk: Desk, count: int) -> None:
    desk.page.wait_for_function(f"() => window.heard.length >= {count}")


def test_it_plays_with_notes_lit_and_stops(desk: Desk) -> None:
    listen(desk)
    desk.page.fill("#qpm", "240")
    desk.click("#play")
    assert desk.says("#play") == "Stop"
    desk.page.wait_for_selector("#score .note.lit")
    wait_for_sounds(desk, 8)
    times = sounds(desk)[:4]
    gaps = [round(b - a, 3) for a, b in itertools.pairwise(times)]
    assert gaps == [0.125, 0.125, 0.125]  # eighths at 240 quarters a minute
    desk.click("#play")
    assert desk.says("#play") == "Play"
    assert desk.count("#score .lit") == 0
    assert not any(url.endswith("/api/render/wav") for url in desk.asked)


def test_marked_bars_are_looped_faster_each_time(desk: Desk) -> None:
    listen(desk, LOOPED)
    desk.mark(1)
    desk.page.check("#loop")
    desk.page.select_option("#rise", "10")
    desk.page.fill("#qpm", "400")
    desk.click("#play")
    wait_for_sounds(desk, 16)
    desk.click("#play")
    times = sounds(desk)  # four quarters in a bar
    first, second, third = (times[4 * turn + 3] - times[4 * turn] for turn in range(3))
    assert first == pytest.approx(3 * 60 / 400, abs=2e-3)
    assert second == pytest.approx(first / 1.1, abs=2e-3)
    assert third == pytest.approx(first / 1.21, abs=2e-3)
    assert times[4] - times[0] == pytest.approx(4 * 60 / 400, abs=2e-3)


def test_count_in_metronome_and_chords(desk: Desk) -> None:
    listen(desk, LOOPED.replace("|G", '|"G"G'))
    desk.page.check("#count-in")
    desk.page.check("#metronome")
    desk.page.fill("#qpm", "240")
    desk.click("#play")
    wait_for_sounds(desk, 13)
    desk.click("#play")
    clicks, tones = sounds(desk, "OscillatorNode"), sounds(desk)
    counted = [time for time in clicks if time < tones[0] - 1e-3]
    assert len(counted) == 4
    assert tones[0] - counted[0] == pytest.approx(1, abs=2e-3)
    assert any(abs(time - tones[0]) < 2e-3 for time in clicks)


def test_a_note_that_is_clicked_is_heard_and_found_in_the_text(desk: Desk) -> None:
    listen(desk)
    note = desk.page.locator("#score .note .notehead").nth(3)
    note.click()
    wait_for_sounds(desk, 1)
    assert desk.count("#under .here") == 1
    start = desk.page.evaluate("() => document.getElementById('text').selectionStart")
    closest = "e => Number(e.closest('.note').id.slice(1))"
    assert start == note.evaluate(closest)
    assert "Marked" not in desk.says("#marked")


def test_bars_are_marked_by_dragging(desk: Desk) -> None:
    listen(desk, LOOPED)
    desk.page.locator("#score").scroll_into_view_if_needed()
    boxes = [desk.page.locator("#score .ground").nth(number).bounding_box() for number in (1, 2, 3)]
    assert all(boxes)
    for place, box in enumerate(boxes):
        assert box is not None
        desk.page.mouse.move(box["x"] + 5, box["y"] + 4, steps=3)
        if not place:
            desk.page.mouse.down()
    desk.page.mouse.up()
    assert "Marked: 2-4." in desk.says("#marked")


def test_an_alternative_plays_with_a_bar_before_and_behind_it(desk: Desk) -> None:
    desk.compose(seed="1", rhythm="reel")
    desk.mark(6)
    desk.click("#redraw")
    desk.page.evaluate(LOUD)
    desk.page.fill("#qpm", "400")
    desk.click("#others li:first-child button:has-text('Play')")
    desk.page.wait_for_function(
        "() => document.getElementById('play').textContent == 'Play' && window.heard.length > 3"
    )
    times = sounds(desk)
    assert 1.4 < times[-1] - times[0] < 1.9  # three bars of 0.6 seconds, to the last onset


def test_what_is_made_can_be_stopped(desk: Desk) -> None:
    desk.page.select_option("#count", "8")
    desk.page.click("button#compose")
    desk.page.keyboard.press("Escape")
    desk.done()
    assert desk.says("#status") in ("Stopped.", "Ready.")


def test_several_tunes_come_as_small_scores(desk: Desk) -> None:
    desk.page.select_option("#count", "4")
    desk.compose(seed="2", rhythm="jig")
    assert desk.count("#others .small > svg") == 4
    second = list(abcgen.load().tunes(2, seed=2, rhythm="jig"))[1]
    desk.press("2")
    assert desk.text == second.abc


def test_a_tune_with_an_opening(desk: Desk) -> None:
    desk.page.fill("#opening", "DFAd fedA|")
    desk.compose(seed="1", tonic="D", meter="4/4")
    assert "\nDFAd fedA|" in desk.text
    desk.page.select_option("#meter", "")
    desk.compose()
    assert "choose both" in desk.says("#status")


def test_an_opening_is_played_on_the_computers_keyboard(desk: Desk) -> None:
    desk.page.evaluate(LOUD)
    before = desk.text
    desk.click("#piano")
    assert desk.page.input_value("#tonic") == "D"
    desk.press("d", "t", "2", "g", "x", "1", "a", " ", "Backspace")
    assert desk.page.input_value("#opening") == "EFG2 =c"
    assert len(sounds(desk)) == 4
    assert desk.text == before  # none of them did what else it does
    desk.page.select_option("#tonic", "C")
    desk.page.focus("#piano")
    desk.press("k", "1", "2", "k")
    assert desk.page.input_value("#opening") == "E^FG2 cc'c'2|"
    desk.press("Enter")
    assert desk.page.is_hidden("#piano-keys")
    desk.press("Escape")
    assert "\n|:E^FG2 cc'c'2|" in desk.compose(seed="1") or "\nE^FG2 cc'c'2|" in desk.text


def test_bars_are_drawn_a_little_bolder_than_tunes_unless_one_says_how(desk: Desk) -> None:
    desk.write(SPELLED)
    desk.mark(2)
    asked = []
    for boldness in ("", "1.2"):
        if boldness:
            desk.page.fill("#boldness", boldness)
        with desk.page.expect_request("**/api/change") as sent:
            desk.click("#redraw")
        asked.append(sent.value.post_data_json.get("temperature"))
    assert asked == [None, 1.2]


@pytest.mark.parametrize("button", ["simplify", "ornament"])
def test_bars_with_fewer_notes_or_more(desk: Desk, button: str) -> None:
    desk.write(SPELLED)
    desk.mark(2)
    desk.click(f"#{button}")
    assert desk.count("#others li svg") >= 1


def test_the_page_offers_only_instruments_that_there_are(desk: Desk) -> None:
    names = desk.page.evaluate(
        "() => [...document.getElementById('instrument').options].map(one => one.value)"
    )
    assert len(names) > 8
    for name in names:
        abcgen.Tune(SPELLED).midi(instrument=name)


def test_a_fault_is_named_and_the_last_score_stays(desk: Desk) -> None:
    desk.write(SPELLED)
    desk.page.fill("#text", SPELLED.replace("agf|", 'a"gf|'))
    desk.page.wait_for_selector("#fault:not(:empty)")
    assert desk.count("#score .measure") == 6
    assert desk.count("#under mark") == 1
    desk.page.fill("#text", SPELLED.replace("agf|", "agfa|"))  # it can be drawn
    desk.page.wait_for_selector("#fault:has-text('bar 1: it lasts 7/8')")
    desk.page.fill("#text", SPELLED)
    desk.page.wait_for_selector("#fault:empty", state="attached")
    assert desk.count("#under mark") == 0


def test_surprise_and_the_nearest_tune(desk: Desk) -> None:
    desk.compose(seed="1", rhythm="reel")
    desk.click("#surprise")
    assert desk.count("#score .bits") == desk.count("#score .measure")
    assert "bits" in desk.says("#status")
    desk.click("#nearest")
    assert re.search("Nearest: .*|No learned tune", desk.says("#status"))
    desk.click("#surprise")
    assert desk.count("#score .bits") == 0


def test_a_tune_is_transposed(desk: Desk) -> None:
    desk.write(SPELLED)
    desk.page.fill("#to", "G")
    desk.page.press("#to", "Enter")
    desk.page.wait_for_selector("#to:placeholder-shown")
    assert "K:G" in desk.text


def test_an_address_can_hold_a_tune(desk: Desk) -> None:
    packed = zlib.compress(SPELLED.encode(), wbits=-15)
    desk.go("#abc=" + base64.urlsafe_b64encode(packed).decode().rstrip("="))
    desk.done()
    assert desk.text == SPELLED
    assert desk.count("#score .measure") == 6
    desk.go("#abc=nonsense!")
    desk.done()
    assert desk.text == ""
    assert "no whole tune" in desk.says("#status")


def test_hostile_text_is_only_text(desk: Desk) -> None:
    desk.write(HOSTILE)
    desk.click("#save")
    desk.go()
    assert desk.text == HOSTILE
    assert desk.page.evaluate("() => window.evil") is None
    assert desk.count("#score script, #score img, #entries script, #entries img") == 0
    assert "<script>" in desk.says("#entries")
    desk.click("#remove")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_needs_no_sideways_scrolling(
    browser: playwright.Browser, server: Server, scheme: str
) -> None:
    desk = Desk(browser, server, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    desk.compose(seed="1", rhythm="reel")
    desk.mark(1)
    desk.click("#redraw")
    assert desk.page.evaluate("() => document.documentElement.scrollWidth") == 360
    desk.context.close()
    assert desk.messages == []


def test_a_server_that_is_gone_is_named(browser: playwright.Browser, tmp_path: Path) -> None:
    with studio(tmp_path / "tunes.book") as server:
        desk = Desk(browser, server)
        desk.compose(seed="1")
        server.end()
        desk.click("#save")
        assert "does not answer" in desk.says("#status")
        desk.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: playwright.Browser, server: Server, scheme: str) -> None:
    """Where ABCGEN_AXE names the file axe.min.js of axe-core."""
    axe = Path(os.environ.get("ABCGEN_AXE", ""))
    if not axe.is_file():
        pytest.skip("needs axe-core, whose file ABCGEN_AXE names")
    desk = Desk(browser, server, color_scheme=scheme, bypass_csp=True)
    run = "async () => (await axe.run()).violations.map(one => [one.id, one.nodes[0].html])"
    desk.page.evaluate(axe.read_text("utf-8"))
    assert desk.page.evaluate(run) == []
    desk.compose(seed="1", rhythm="reel")
    desk.mark(2)
    desk.click("#lock")
    desk.mark(3)
    desk.click("#redraw")
    desk.click("#save")
    assert desk.page.evaluate(run) == []
    desk.press("?")
    assert desk.page.evaluate(run) == []
    desk.context.close()


# -- what stands in the files of the page ---------------------------------------------------------


def test_the_page_is_small_and_of_our_own() -> None:
    files = list(PAGE.iterdir())
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    for file in files:
        addresses = set(re.findall(r"https?://[^\"' )]+", file.read_text("utf-8")))
        assert addresses <= {"http://www.w3.org/2000/svg"}


def test_the_page_offers_every_rhythm() -> None:
    (listed,) = re.findall(r'rhythm: "(.*?)"\.split', (PAGE / "texts.js").read_text("utf-8"))
    assert listed.split(",") == list(RHYTHMS)


def test_every_field_has_a_label(desk: Desk) -> None:
    """The labels that a screen reader reads; each control must have one."""
    unnamed = desk.page.evaluate(
        """() => [...document.querySelectorAll("input:not([hidden]), select, textarea, button")]
        .filter(one => !(one.labels?.[0]?.innerText ?? one.ariaLabel ?? one.innerText).trim())
        .map(one => one.id)"""
    )
    assert unnamed == []
