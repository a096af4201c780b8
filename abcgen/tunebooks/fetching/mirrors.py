"""Get a corpus from one mirror: files, an archive, or the links of a page, none of them trusted."""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from abcgen.tunebooks.fetching.client import CORPUS_MAX, FILE_MAX, Client, MirrorError, Patience

_PAGE_MAX = 1 << 20  # bytes of a page that lists tunebooks
_FILES_MAX = 500  # tunebooks in one archive or on one page
_NAME_MAX = 60  # characters of a file name before `.abc`; of 4 bytes at most, so below 255 bytes
_HTML_HEAD = 1024  # bytes at the start of a file that are searched for HTML

_TUNE = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])X:")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
#: Bit 0 of a member's general purpose flags: it is encrypted (PKWARE APPNOTE 4.4.4).
_ENCRYPTED = 0x1
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError,
               ValueError, OverflowError, KeyError, IndexError)  # fmt: skip


@dataclass(frozen=True)
class Tunebook:
    """A file of a corpus: its name in the folder, its address, its bytes."""

    name: str
    url: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 as 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def gather(
    mirror: Mapping[str, Any],
    local: Mapping[str, bytes],
    patience: Patience,
    tick: Callable[[int], None],
) -> list[Tunebook]:
    """Download a complete corpus from one mirror into memory, and verify it.

    Parameters
    ----------
    mirror : mapping
        One of three kinds: ``{"files": [{"name", "url", "bytes"?, "sha256"?}, ...]}``,
        ``{"zip": url, "bytes"?, "sha256"?}``, or ``{"page": url}``, a web page with links to
        ``.abc`` files. A title and a licence in it replace those of the corpus.
    local : mapping of str to bytes
        SHA-256 -> content of files that need no download.
    patience : Patience
        Time limits and number of attempts.
    tick : callable
        Called with the number of bytes that have just arrived, 0 while waiting.

    Returns
    -------
    list of Tunebook
        At least one; all names differ, even without regard to case.

    Raises
    ------
    MirrorError
        If any of it is missing or not as expected.
    """
    with closing(Client(patience, tick)) as client:
        if "zip" in mirror:
            url, sha256 = mirror["zip"], mirror.get("sha256")
            content = client.get(url, size=mirror.get("bytes"), sha256=sha256)
            return _unpacked(url, content, trusted=sha256 is not None)
        if "page" in mirror:
            return _linked(client, mirror["page"])
        return [_listed(client, file, local) for file in mirror["files"]]


def _linked(client: Client, address: str) -> list[Tunebook]:
    """Return the .abc files to which a page links."""
    page = client.get(address, limit=_PAGE_MAX).decode("utf-8", "replace")
    taken: set[str] = set()
    books = []
    for url in _links(page, client.address):
        name = _free_name(unquote(urlsplit(url).path), taken)
        books.append(Tunebook(name, url, _checked(url, client.get(url))))
    if not books:
        raise MirrorError(f"{address}: the page has no link to an .abc file")
    return books


def _listed(client: Client, file: Mapping[str, Any], local: Mapping[str, bytes]) -> Tunebook:
    """Return a file that sources.json lists, from `local` if it is there."""
    url, sha256 = file["url"], file.get("sha256")
    if sha256 is not None and sha256 in local:
        return Tunebook(file["name"], url, local[sha256])
    content = client.get(url, size=file.get("bytes"), sha256=sha256)
    return Tunebook(file["name"], url, content if sha256 else _checked(url, content))


def _checked(url: str, content: bytes) -> bytes:
    """Return the content if it looks like ABC, the only check where no SHA-256 is known."""
    if _HTML.search(content[:_HTML_HEAD]):
        raise MirrorError(f"{url}: expected ABC, found a web page")
    if not _TUNE.search(content):
        raise MirrorError(f"{url}: expected ABC, found no X: line")
    return content


def _free_name(path: str, taken: set[str]) -> str:
    """Return a safe, unused .abc name for the last part of `path`, and add it to `taken`."""
    base = re.split(r"[/\\]", path)[-1]
    stem = re.sub(r"[^\w.+-]", "_", base[: -len(".abc")])[:_NAME_MAX].lstrip(".") or "tunes"
    name, number = f"{stem}.abc", 1
    # Compared without case: on some file systems Reels.abc would replace reels.abc.
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}.abc"
    taken.add(name.casefold())
    return name


def _is_tunebook(path: str) -> bool:
    """Return whether a path is an .abc file that is not hidden (such as macOS's ._x.abc)."""
    base = re.split(r"[/\\]", path)[-1]
    return base.lower().endswith(".abc") and not base.startswith(".")


def _unpacked(url: str, archive: bytes, *, trusted: bool) -> list[Tunebook]:
    """Return the .abc members of a zip archive, without trusting the sizes that it states."""
    taken: set[str] = set()
    books: list[Tunebook] = []
    room = CORPUS_MAX
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            members = [member for member in opened.infolist() if _is_tunebook(member.filename)]
            if len(members) > _FILES_MAX:
                raise MirrorError(f"{url}: more than {_FILES_MAX} .abc files in the archive")
            for member in members:
                if member.flag_bits & _ENCRYPTED or member.compress_type not in (
                    zipfile.ZIP_STORED,
                    zipfile.ZIP_DEFLATED,
                ):
                    raise MirrorError(f"{url}: the archive's encryption or compression is unknown")
                limit = min(FILE_MAX, room)
                with opened.open(member) as file:
                    content = file.read(limit + 1)
                if len(content) > limit:
                    raise MirrorError(f"{url}: the archive unpacks to too many bytes")
                room -= len(content)
                if not trusted:
                    _checked(url, content)
                books.append(Tunebook(_free_name(member.filename, taken), url, content))
    except _BROKEN_ZIP as error:
        raise MirrorError(f"{url}: not a zip archive, or damaged") from error
    if not books:
        raise MirrorError(f"{url}: the archive has no .abc file")
    return books


class _LinkReader(HTMLParser):
    """Collect the targets of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets += [value for key, value in attrs if key == "href" and value]


def _links(page: str, address: str) -> list[str]:
    """Return the absolute addresses of the .abc files to which a page links, each once."""
    reader = _LinkReader()
    reader.feed(page)
    try:
        absolute = [urljoin(address, target).partition("#")[0] for target in reader.targets]
        parts = {url: urlsplit(url) for url in absolute}
    except ValueError as error:
        raise MirrorError(f"{address}: the page has a broken link") from error
    links = [
        url
        for url, part in parts.items()
        if part.scheme in ("http", "https") and _is_tunebook(unquote(part.path))
    ]
    if len(links) > _FILES_MAX:
        raise MirrorError(f"{address}: the page links to more than {_FILES_MAX} .abc files")
    return links
