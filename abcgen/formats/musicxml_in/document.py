"""The elements of a MusicXML file, plain or compressed (.mxl), read without trusting it.

Entities are refused, since a few of them can stand for gigabytes; nothing outside of the file is
loaded; sizes and depth are limited.
"""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from abcgen.errors import CorpusError

#: Bytes of a file, and of what it holds when it is unpacked.
MOST_BYTES = 1 << 24
_DEEPEST = 100  # elements within each other
#: Elements and attributes of a file; a song with all its parts has some 50,000.
_MOST_ELEMENTS = 500_000
_MOST_DIRECTORY = 1 << 18  # bytes of the list of files in a compressed file
_CONTAINER = "META-INF/container.xml"
_ZIP, _ZIP_END, _ZIP_LARGE = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")


def looks_like_musicxml(data: bytes) -> bool:
    """Return whether bytes begin as MusicXML does."""
    return data.startswith(_ZIP) or data.lstrip(b" \t\r\n").startswith(_XML)


def check_size(size: int) -> None:
    """Raise unless a MusicXML file of so many bytes is read.

    Raises
    ------
    CorpusError
        If it is too large.
    """
    if size > MOST_BYTES:
        raise CorpusError(
            f"the MusicXML file has {size / 2**20:.0f} MB; at most {MOST_BYTES >> 20} MB are read"
        )


def read_document(data: bytes) -> Element:
    """Return the ``score-partwise`` of a MusicXML file.

    Raises
    ------
    CorpusError
        If it is none, is damaged, declares entities, or is too large.
    """
    check_size(len(data))
    if data.startswith(_ZIP):
        data = _unpacked(data)
    root = _parse(data)
    if root.tag == "score-timewise":
        raise CorpusError(
            "the MusicXML file is written by time (score-timewise); save it as score-partwise"
        )
    if root.tag != "score-partwise":
        raise CorpusError(f"the file is not MusicXML: its first element is {root.tag[:40]!r}")
    return root


def _unpacked(data: bytes) -> bytes:
    """Return the score in a compressed file."""
    # Where the list of files ends, and how long it is. A file this small needs no larger numbers.
    end = data.rfind(_ZIP_END)
    listed = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    if listed > _MOST_DIRECTORY or _ZIP_LARGE in data[-1000:]:
        raise CorpusError("the compressed MusicXML file holds far more files than a score")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename for info in archive.infolist()]
            name = None
            if _CONTAINER in names:
                container = _parse(_member(archive, _CONTAINER))
                found = [one.get("full-path") for one in container.iter("rootfile")]
                name = next((path for path in found if path in names), None)
            if name is None:
                endings = (".musicxml", ".xml")
                scores = [one for one in names if one.lower().endswith(endings)]
                name = next((one for one in scores if not one.startswith("META-INF")), None)
            if name is None:
                raise CorpusError("the compressed MusicXML file holds no score")
            return _member(archive, name)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError,
        RuntimeError, ValueError,
    ) as error:  # fmt: skip
        raise CorpusError(f"the compressed MusicXML file is damaged ({error})") from None


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a file of an archive, however large it claims to be."""
    with archive.open(name) as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise CorpusError(
            f"the compressed MusicXML file has more than {MOST_BYTES >> 20} MB when unpacked, far "
            "more than a score"
        )
    return found


def _parse(data: bytes) -> Element:
    """Return the root of an XML document without entities."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1 + len(attributes)
        if count > _MOST_ELEMENTS:
            raise CorpusError(f"the MusicXML file has more than {_MOST_ELEMENTS} elements")
        if depth > _DEEPEST:
            raise CorpusError("the elements of the MusicXML file are nested too deeply")
        # A namespace means nothing here.
        builder.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition(":")[2])

    def refuse(*_: object) -> None:
        raise CorpusError(
            "the MusicXML file declares entities (<!ENTITY), which are not read; save it again "
            "from a notation program"
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
        root: Element = builder.close()
    except (expat.ExpatError, LookupError, ValueError) as error:
        if depth:
            raise CorpusError(f"the MusicXML file is cut off or damaged: {error}") from None
        raise CorpusError(f"the file is not MusicXML: {error}") from None
    return root
