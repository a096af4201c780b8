"""Get a whole corpus from one mirror: files, an archive or a page's links, none of them trusted."""

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
_NAME_MAX = 60  # characters of a file name before `.abc`, at most 4 bytes each: under 255 bytes
_HTML_HEAD = 1024  # bytes at the start in which a page gives itself away

_TUNE = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])X:")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
#: A member's general purpose bit 0 says that it is encrypted (PKWARE APPNOTE 4.4.4).
_ENCRYPTED = 0x1
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError,
               ValueError, OverflowError, KeyError, IndexError)  # fmt: skip


@dataclass(frozen=True)
class Tunebook:
    """A file of a corpus as it came: its name in the folder, its address, its bytes."""

    name: str
    url: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 as 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def gather(
    mirror: Mapping[str, Any],
    have: Mapping[str, bytes],
    patience: Patience,
    tick: Callable[[int], None],
) -> list[Tunebook]:
    """Get a whole corpus from one mirror, verified, into memory.

    Parameters
    ----------
    mirror : mapping
        ``{"files": [{"name", "url", "bytes"?, "sha256"?}, ...]}``, or ``{"zip": url, "bytes"?,
        "sha256"?}``, or ``{"page": url}``.
    have : mapping of str to bytes
        SHA-256 -> content of what need not be fetched.
    patience : Patience
        Time limits and number of attempts.
    tick : callable
        Called with the number of bytes that have just come, 0 while waiting.

    Returns
    -------
    list of Tunebook
        At least one; no two names alike.

    Raises
    ------
    MirrorError
        If anything of it is missing or not as expected.
    """
    with closing(Client(patience, tick)) as client:
        if "zip" in mirror:
            url, sha256 = mirror["zip"], mirror.get("sha256")
            content = client.get(url, size=mirror.get("bytes"), sha256=sha256)
            return _unpacked(url, content, trusted=sha256 is not None)
        if "page" in mirror:
            page = client.get(mirror["page"], limit=_PAGE_MAX).decode("utf-8", "replace")
            taken: set[str] = set()
            books = []
            for url in _links(page, client.address):
                name = _free_name(unquote(urlsplit(url).path), taken)
                books.append(Tunebook(name, url, _checked(url, client.get(url))))
            if not books:
                raise MirrorError(f"{mirror['page']}: the page links to no .abc file")
            return books
        return [_listed(client, file, have) for file in mirror["files"]]


def _listed(client: Client, file: Mapping[str, Any], have: Mapping[str, bytes]) -> Tunebook:
    """Return a file that sources.json lists, from `have` if it is there."""
    url, sha256 = file["url"], file.get("sha256")
    if sha256 is not None and sha256 in have:
        return Tunebook(file["name"], url, have[sha256])
    content = client.get(url, size=file.get("bytes"), sha256=sha256)
    return Tunebook(file["name"], url, content if sha256 else _checked(url, content))


def _checked(url: str, content: bytes) -> bytes:
    """Return the content if it looks like ABC: all that can be asked where no sum is known."""
    if _HTML.search(content[:_HTML_HEAD]):
        raise MirrorError(f"{url}: a web page came instead of ABC")
    if not _TUNE.search(content):
        raise MirrorError(f"{url}: not ABC, it has no X: line")
    return content


def _free_name(path: str, taken: set[str]) -> str:
    """Return a harmless name ending in .abc for the last part of `path`, and take it."""
    base = re.split(r"[/\\]", path)[-1]
    stem = re.sub(r"[^\w.+-]", "_", base[: -len(".abc")])[:_NAME_MAX].lstrip(".") or "tunes"
    name, number = f"{stem}.abc", 1
    # Compared without case: some file systems would put Reels.abc over reels.abc.
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}.abc"
    taken.add(name.casefold())
    return name


def _is_tunebook(path: str) -> bool:
    """Tell whether an archive's or a page's path is a visible .abc file (not macOS's ._x.abc)."""
    base = re.split(r"[/\\]", path)[-1]
    return base.lower().endswith(".abc") and not base.startswith(".")


def _unpacked(url: str, archive: bytes, *, trusted: bool) -> list[Tunebook]:
    """Return the .abc members of a zip archive; what it says about itself is not believed."""
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
                    raise MirrorError(f"{url}: the archive is packed in an unknown way")
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
        raise MirrorError(f"{url}: not a zip archive, or a damaged one") from error
    if not books:
        raise MirrorError(f"{url}: no .abc file in the archive")
    return books


class _LinkReader(HTMLParser):
    """Collect where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.targets += [value for key, value in attrs if key == "href" and value]


def _links(page: str, address: str) -> list[str]:
    """Return the absolute addresses of the .abc files that a page links to, each once."""
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
