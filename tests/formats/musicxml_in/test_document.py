"""MusicXML files are read without trusting them."""

import io
import random
import zipfile

import pytest

from abcgen.errors import AbcgenError, CorpusError
from abcgen.formats.musicxml_in import abc_of_musicxml, document
from abcgen.formats.musicxml_in.document import looks_like_musicxml, read_document
from tests.formats.musicxml_in.made import SCALE, packed

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<score-partwise>&b;</score-partwise>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<score-partwise>&a;</score-partwise>"""


def many_files(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.xml", b"<score-partwise/>")
    return out.getvalue()


REFUSED = {
    "nothing": (b"", "not MusicXML"),
    "text": (b"X:1\n", "not MusicXML"),
    "another document": (b"<html/>", "first element is 'html'"),
    "by time": (b"<score-timewise/>", "score-partwise"),
    "a billion laughs": (LAUGHS, "declares entities"),
    "an entity outside": (OUTSIDE, "declares entities"),
    "cut off": (SCALE[:200], "cut off or damaged"),
    "millions of elements": (b"<score-partwise>" + b"<a/>" * 500_001, "more than 500000 elements"),
    "millions of attributes": (
        b"<score-partwise " + b" ".join(b'a%d=""' % n for n in range(500_001)) + b"/>",
        "more than 500000 elements",
    ),
    "an attribute of megabytes": (
        b'<score-partwise a="' + b"x" * (8 << 20) + b'"></nothing>',
        "cut off or damaged",
    ),
    "a name of megabytes": (b"<" + b"x" * (8 << 20) + b"/>", "first element is 'xxx"),
    "an archive in an archive": (packed(packed(SCALE)), "not MusicXML"),
    "an archive of many files": (many_files(5000), "far more files than a score"),
    "nested": (b"<score-partwise>" + b"<a>" * 9999, "nested too deeply"),
    "an unknown encoding": (b"<?xml version='1.0' encoding='nonsense'?><a/>", "not MusicXML"),
    "an archive cut off": (packed(SCALE)[:300], "damaged"),
    "an archive of something else": (packed(SCALE, "notes.txt", container=False), "no score"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(CorpusError, match=words) as refused:
        read_document(data)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        SCALE,
        b"\xef\xbb\xbf" + SCALE,
        SCALE.decode().encode("utf-16"),
        SCALE.replace(b"<score", b"<!DOCTYPE score-partwise PUBLIC 'a' 'http://b/c.dtd'><score", 1),
        SCALE.replace(b"<score-partwise>", b"<m:score-partwise xmlns:m='http://m'>").replace(
            b"</score-partwise>", b"</m:score-partwise>"
        ),
        packed(SCALE),
        packed(SCALE, "music/my score.musicxml"),
        packed(SCALE, container=False),
    ],
    ids=["plain", "marked", "utf-16", "doctype", "namespace", "mxl", "in a folder", "bare"],
)
def test_the_ways_in_which_files_are_written(data: bytes) -> None:
    assert looks_like_musicxml(data)
    assert "C2D2 E2F2|G2A2 B2c2|]" in abc_of_musicxml(data)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_BYTES", 1 << 20)
    bomb = packed(b"<score-partwise>" + b" " * (9 << 20) + b"</score-partwise>")
    assert len(bomb) < 1 << 20
    with pytest.raises(CorpusError, match="more than 1 MB when unpacked"):
        read_document(bomb)


@pytest.mark.parametrize("whole", [SCALE, packed(SCALE)], ids=["plain", "mxl"])
def test_damaged_files_never_raise_anything_else(whole: bytes) -> None:
    chance = random.Random(7)
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            abc_of_musicxml(bytes(data))
        except AbcgenError as error:
            assert "\n" not in str(error)
