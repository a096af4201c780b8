"""Scores: SVG, PNG and PDF of a tune, and a book as one PDF file."""

import io
import re
import struct
import threading
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from pypdf import PdfReader

from abcgen.errors import AbcgenError, NotationError, UsageError
from abcgen.formats.score import book_pdf, engraving, pdf_of, png_of, svg_of
from abcgen.formats.score.pages import ROOM, Contents, Picture, index_pages, pages
from abcgen.notation.form import read_sections
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import split_tunebook
from tests.tunes import made_up_book

#: A tune with every element of the notation.
EVERYTHING = """X:1
T:Élan of Łódź & the <Søn>
T:A second title
C:A. Müller
R:reel
M:C|
L:1/8
Q:"Slowly" 3/8=60
K:Em
(B|"Em"E2) .BE ~d{g}E B>E|[EGB]2- [EGB]2 (3ABc "F#7/A#"d2|\
!mf!T^f4- f2 !<(!z2|1 A,B,CD E2 !<)!F2:|2 {/gf}e5 u=d- d2||
[K:Bb][M:6/8]|:c/c/ _ba g3|"^dolce"x3 !fermata!A3|Z2|]
"""


def books() -> list[Tune]:
    return [read_tune(text) for text in (EVERYTHING, *split_tunebook(made_up_book(6)))]


def long_tune(title: str = "Long", lines: int = 40) -> Tune:
    return read_tune(f"X:1\nT:{title}\nM:4/4\nL:1/8\nK:D\n" + "ABcd efga|gfed cBAG|\n" * lines)


def ids(svg: str, name: str) -> list[str]:
    """Return the ids of the elements of a class."""
    return re.findall(rf'<g id="([^"]*)" class="{name}"', svg)


def count(svg: str, name: str) -> int:
    """Return the number of elements of a class."""
    return len(re.findall(rf'<g[^>]* class="{name}(?: systemMilestone)?"', svg))


@pytest.mark.parametrize("tune", books(), ids=lambda tune: tune.title)
def test_svg_has_all_that_is_written(tune: Tune) -> None:
    svg = svg_of(tune)
    sections = read_sections(tune, ornaments=True)
    bars = [bar for section in sections for bar in section.written()]
    notes = sum(len(event.pitches) + len(event.grace) for bar in bars for event in bar_events(bar))
    tied_on = [one for one in ids(svg, "note") if "-" in one]  # of a length of two values
    assert len(ids(svg, "note")) - len(tied_on) == notes
    assert ids(svg, "measure") == [f"m{number}" for number in range(len(bars))]
    assert count(svg, "ending") == sum(len(section.endings) for section in sections)


def test_svg_shows_every_sign() -> None:
    svg = svg_of(read_tune(EVERYTHING))
    expected = {"turn": 1, "trill": 1, "fermata": 1, "artic": 2, "graceGrp": 2, "slur": 1, "tie": 6}
    expected |= {"tuplet": 1, "harm": 2, "dynam": 1, "hairpin": 1, "dir": 1, "tempo": 1}
    assert {name: count(svg, name) for name in expected} == expected


def text_of(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_svg_has_its_words_as_text() -> None:
    words = text_of(svg_of(read_tune(EVERYTHING)))
    assert "Élan of Łódź & the <Søn>A second title" in words
    assert {"A. Müller", "reel", "F#7/A#", "dolce"} <= set(words)
    assert any("= 60" in one and "Slowly" in one for one in words)


def test_svg_needs_nothing_else() -> None:
    """No font, style or picture is fetched, and no sign is text in a font for music."""
    svg = svg_of(read_tune(EVERYTHING))
    links = set(re.findall(r"https?://[^\"' )]*", svg))
    assert links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r'href="(.)', svg)) == {"#"}
    assert "@font-face" not in svg and 'font-family="Leland"' not in svg
    assert not re.search("[\ue000-\uf8ff]", svg)


def test_lines_need_not_be_stretched_to_the_page() -> None:
    short = read_tune("X:1\nT:a\nM:4/4\nL:1/8\nK:G\nGABc d2e2|f4 g4|GABc d2e2|f4 g4|]\n")
    wide, own = svg_of(short), svg_of(short, stretch=False)
    assert width(own) < width(wide) == width(svg_of(books()[0]))
    assert ids(own, "note") == ids(wide, "note")
    several, natural = svg_of(books()[0]), svg_of(books()[0], stretch=False)
    assert count(natural, "system") == count(several, "system") > 1
    assert farthest(natural) < farthest(several)


def farthest(svg: str) -> int:
    """Return how far a line of a staff goes to the right."""
    return max(map(int, re.findall(r'<path d="M\d+ \d+ L(\d+) \d+" stroke-width="13"', svg)))


def width(svg: str) -> float:
    return float(re.findall(r'<svg width="([\d.]*)px"', svg)[0])


def test_without_a_style_sheet_all_is_drawn_in_the_colour_of_the_text() -> None:
    plain, styled = (svg_of(read_tune(EVERYTHING), style=style) for style in (False, True))
    assert "<style" in styled and "<style" not in plain
    lines = re.findall(r"<path d[^>]*stroke-width[^>]*>", plain)
    assert lines and all('stroke="currentColor"' in line for line in lines)
    assert text_of(plain) == text_of(styled)
    assert ids(plain, "note") == ids(styled, "note")


def test_the_same_tune_is_the_same_svg() -> None:
    first = svg_of(books()[0])
    svg_of(books()[1])
    assert svg_of(books()[0]) == first


def test_the_height_fits_the_tune() -> None:
    heights = [
        int(re.match(r'<svg width="900px" height="(\d+)px"', svg_of(one))[1])  # type: ignore[index]
        for one in (long_tune(lines=1), long_tune(lines=200))
    ]
    assert heights[0] < 300 and heights[1] > 30 * heights[0]


def test_threads_draw_each_their_own_tune() -> None:
    tunes = books()
    alone = [svg_of(tune) for tune in tunes]
    drawn = [""] * len(tunes)

    def draw(place: int) -> None:
        drawn[place] = svg_of(tunes[place])

    threads = [threading.Thread(target=draw, args=(place,)) for place in range(len(tunes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == alone


def test_verovio_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for tune in books():
        svg_of(tune)
    with pytest.raises(AbcgenError):
        engraving._draw("<mei>no music", "encoded", 1000)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("mei", ["", "<mei", "<mei xmlns='http://www.music-encoding.org/ns/mei'/>"])
def test_what_verovio_cannot_draw_is_an_error(mei: str) -> None:
    with pytest.raises(AbcgenError, match=r"verovio [\d.]+.* cannot draw this tune"):
        engraving._draw(mei, "encoded", 1000)


def test_a_tune_that_cannot_be_read_is_an_error() -> None:
    for make in (svg_of, png_of, pdf_of):
        with pytest.raises(NotationError, match="not a note length"):
            make(read_tune("X:1\nK:C\nC/0|]\n"))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    engraving._toolkit.cache_clear()
    with pytest.raises(AbcgenError, match=r"verovio.*pip install 'abcgen\[score\]'"):
        svg_of(books()[0])


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Return width, height and the data of a PNG picture, not yet unfiltered."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    place, data = 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += length + 12
    return width, height, zlib.decompress(data)


def test_png_has_the_size_of_the_svg_and_shows_something() -> None:
    tune = books()[0]
    height = int(re.search(r'height="(\d+)px"', svg_of(tune))[1])  # type: ignore[index]
    for scale in (1, 2.5):
        found = pixels(png_of(tune, scale=scale))
        assert found[0] == round(900 * scale)
        assert abs(found[1] - height * scale) <= 1
        assert len(set(found[2])) > 50


def test_png_shows_the_title() -> None:
    body = "M:4/4\nL:1/8\nK:C\nC8|]\n"
    first, second = (pixels(png_of(read_tune(f"X:1\nT:{t}\n{body}"))) for t in ("Élan", "Elan"))
    assert first[:2] == second[:2] and first[2] != second[2]


def test_sharps_and_flats_in_text_are_printed_with_signs_that_the_font_has() -> None:
    (text,) = pdf_text(pdf_of(read_tune("X:1\nT:In B♭, F♯\nM:4/4\nL:1/8\nK:C\nC8|]\n")))
    assert "In Bb, F#" in text


@pytest.mark.parametrize("scale", [0, -1, float("nan")])
def test_a_scale_must_be_above_0(scale: float) -> None:
    with pytest.raises(UsageError, match="scale: expected more than 0"):
        png_of(books()[0], scale=scale)


def test_a_png_too_large_for_memory_is_an_error() -> None:
    with pytest.raises(AbcgenError, match="is too large; choose a smaller scale"):
        png_of(books()[0], scale=1000)


def pdf_text(data: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_pdf_of_a_tune() -> None:
    data = pdf_of(books()[0])
    (text,) = pdf_text(data)
    reader = PdfReader(io.BytesIO(data))
    assert "Élan of Łódź & the <Søn>" in text
    assert reader.metadata is not None and reader.metadata.title == "Élan of Łódź & the <Søn>"
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)


def test_pdf_of_a_long_tune_has_several_pages() -> None:
    texts = pdf_text(pdf_of(long_tune(lines=80)))
    assert len(texts) > 2
    assert [text.split()[-1] for text in texts] == [str(n + 1) for n in range(len(texts))]


def outline(data: bytes) -> list[tuple[str, int]]:
    """Return the bookmarks and their pages, from 1."""
    reader = PdfReader(io.BytesIO(data))
    return [
        (str(one.title), reader.get_destination_page_number(one) + 1)  # type: ignore[union-attr, operator]
        for one in reader.outline
    ]


def book() -> list[Tune]:
    return [
        read_tune("X:1\nT:Twice\nM:4/4\nL:1/8\nK:D\nA8|]\n"),
        long_tune("The Årbo", lines=60),
        read_tune("X:3\nT:Twice\nT:Zebra\nM:4/4\nL:1/8\nK:D\nA8|]\n"),
        read_tune("X:4\nM:4/4\nL:1/8\nK:D\nA8|]\n"),
    ]


@pytest.mark.filterwarnings("error:.*ositional:DeprecationWarning")  # pypdf 8 takes keywords
def test_a_book_has_bookmarks_a_title_and_an_index() -> None:
    data = book_pdf(book(), title="Mäine Tunes")
    texts = pdf_text(data)
    marks = outline(data)
    assert [title for title, _ in marks] == [
        *("Twice", "The Årbo", "Twice", "without a title, X:4", "Index")
    ]
    assert marks[-1][1] == len(texts)
    assert "Mäine Tunes" in texts[0]
    assert PdfReader(io.BytesIO(data)).metadata.title == "Mäine Tunes"  # type: ignore[union-attr]
    for title, page in marks[:3]:
        assert title in texts[page - 1]
    index = texts[-1].split("\n")
    first, last = marks[0][1], marks[2][1]
    expected = [("The Årbo", marks[1][1]), ("Twice", first), ("Twice", last)]
    expected += [("without a title, X:4", marks[3][1]), ("Zebra", last)]
    found = [line for line in index if line.strip() and line.strip() != "Index"]
    words = " ".join(" ".join(found).split())
    assert words.startswith(" ".join(f"{title} {page}" for title, page in expected))
    assert first < last


def test_a_book_is_the_same_by_two_processes() -> None:
    tunes = books() * 3
    assert book_pdf(tunes, jobs=2) == book_pdf(tunes)


def test_the_same_tune_is_the_same_pdf() -> None:
    """It has several fonts, which come in any order."""
    assert len({pdf_of(books()[0]) for _ in range(8)}) == 1


def test_a_tune_that_cannot_be_drawn_is_told_of_or_an_error() -> None:
    bad = read_tune("X:7\nT:Bad\nK:C\nC|D/0|]\n")
    told: list[tuple[str, str]] = []
    data = book_pdf(
        [bad, *book()], left_out=lambda tune, reason: told.append((tune.title, str(reason)))
    )
    assert told == [("Bad", "'/0' is not a note length")]
    assert len(outline(data)) == len(book()) + 1
    with pytest.raises(NotationError, match="X:7 'Bad' cannot be drawn: '/0'"):
        book_pdf([bad, *book()])


def test_a_book_without_a_tune_is_an_error() -> None:
    with pytest.raises(AbcgenError, match="no tune to draw"):
        book_pdf([])


def picture(title: str, *heights: int) -> Picture:
    """Return a picture of this height in units; a unit is 0.4 pixels."""
    svgs = [f'<svg width="900px" height="{2 * h // 5}px" id="x"><g/></svg>' for h in heights]
    return Picture((title,), svgs)


def placed(page: str) -> Iterator[tuple[float, float]]:
    """Yield where the pictures of a page begin, and their heights."""
    for y, height in re.findall(r'<svg x="\d+" y="([\d.]+)" width="\d+" height="([\d.]+)"', page):
        yield float(y), float(height)


def test_a_picture_is_never_cut_by_the_end_of_a_page() -> None:
    contents = Contents()
    heights = [500, 700, 900, 1200, 1500, ROOM, 400, 2900, 100, 300]
    pictures = [picture(str(height), height) for height in heights]
    made = list(pages(pictures, "", contents, numbered=True))
    on_pages = [list(placed(page)) for page in made]
    assert [height for page in on_pages for _, height in page] == heights
    top = min(y for y, _ in on_pages[0])
    for page in on_pages:
        for (y, height), (following, _) in pairwise(page):
            assert y + height < following
        assert page[0][0] == top and page[-1][0] + page[-1][1] <= top + ROOM
    for page, following in pairwise(on_pages):
        end = page[-1][0] + page[-1][1] + 50  # with the gap
        assert end + following[0][1] > top + ROOM  # it would not have fitted
    assert [entry.page for entry in contents.tunes] == [
        number for number, page in enumerate(on_pages, start=1) for _ in page
    ]


def test_a_tune_over_several_pages_is_followed_by_the_next() -> None:
    contents = Contents()
    made = list(pages([picture("a", ROOM, 500), picture("b", 600)], "", contents, numbered=False))
    assert [len(list(placed(page))) for page in made] == [1, 2]
    assert [(entry.title, entry.page) for entry in contents.tunes] == [("a", 1), ("b", 2)]


def test_a_big_index_has_several_pages() -> None:
    contents = Contents()
    pictures = [picture(f"Tune {number:03}", 300) for number in range(250)]
    music = len(list(pages(pictures, "", contents, numbered=True)))
    index = list(index_pages(contents))
    words = " ".join(word for page in index for word in text_of(page))
    assert len(index) == 3
    assert contents.index.page == music + 1
    assert re.findall(r"Tune (\d+)", words) == [f"{number:03}" for number in range(250)]
