"""Download files by HTTP, each answer limited in bytes and in time."""

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from abcgen import __version__

FILE_MAX = 8 << 20  # bytes of a tunebook or archive of unknown size; known ones are below 0.3 MB
CORPUS_MAX = 32 << 20  # bytes of a whole corpus, unpacked
_BLOCK = 1 << 14  # bytes read from the network at a time
_REDIRECTS_MAX = 5
_RETRY_AFTER_MAX = 30.0  # seconds; if a server asks for more, the next mirror is tried
_TICK = 0.5  # seconds between two looks at the clock while nothing arrives


class MirrorError(Exception):
    """A mirror is of no use; the message says why."""


class _TransientError(Exception):
    """A failure that may be gone at the next attempt."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait  # seconds the server asked for


@dataclass(frozen=True)
class Patience:
    """How long to wait for a mirror, in seconds, and how many attempts to make."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    mirror_seconds: float = 120.0
    attempts: int = 3
    backoff_seconds: float = 1.0


class Client:
    """Downloads from one mirror: each limited in bytes, all together in bytes and time.

    Parameters
    ----------
    patience : Patience
        Time limits and number of attempts; the mirror's time starts now.
    tick : callable
        Called with the number of bytes that have just arrived, 0 while waiting.
    """

    def __init__(self, patience: Patience, tick: Callable[[int], None]) -> None:
        import requests

        self._patience = patience
        self._tick = tick
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"abcgen/{__version__}"
        # Sizes and checksums are those of the plain file, and nothing unlimited is unpacked.
        self._session.headers["Accept-Encoding"] = "identity"
        self._deadline = time.monotonic() + patience.mirror_seconds
        self._room = CORPUS_MAX
        self.address = ""  # where the last answer came from, after redirects

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(
        self, url: str, *, size: int | None = None, sha256: str | None = None, limit: int = FILE_MAX
    ) -> bytes:
        """Return the body at an address.

        Parameters
        ----------
        url : str
            An http or https address.
        size : int, optional
            Bytes to expect, if known.
        sha256 : str, optional
            SHA-256 to expect, 64 hexadecimal digits, if known.
        limit : int
            The most bytes, where `size` is not known.

        Returns
        -------
        bytes
            The body, of that size and SHA-256.

        Raises
        ------
        MirrorError
            If it cannot be downloaded, or has another size or SHA-256; the message names the
            address.
        """
        most = min(self._room, limit if size is None else size)
        attempt = 1
        while True:
            try:
                content = b"".join(self._in_time(self._blocks(url, most)))
                break
            except MirrorError as error:
                raise MirrorError(f"{url}: {error}") from error
            except _TransientError as again:
                wait = max(again.wait, self._patience.backoff_seconds * 2 ** (attempt - 1))
                last = attempt == self._patience.attempts or again.wait > _RETRY_AFTER_MAX
                if last or time.monotonic() + wait >= self._deadline:
                    raise MirrorError(f"{url}: {again}") from again
            time.sleep(wait)
            attempt += 1
        self._room -= len(content)
        if size is not None and len(content) != size:
            raise MirrorError(f"{url}: received {len(content)} bytes, expected {size}")
        found = hashlib.sha256(content).hexdigest()
        if sha256 is not None and found != sha256:
            raise MirrorError(
                f"{url}: expected the SHA-256 {sha256[:12]}..., found {found[:12]}..."
            )
        return content

    def _in_time(self, blocks: Generator[bytes, None, None]) -> Iterator[bytes]:
        """Yield the blocks, but no longer than the mirror's time, whatever the server does.

        The timeouts of requests count from byte to byte, so a silent name server, or a header
        sent byte by byte, would hold the caller for ever. So another thread waits for them. When
        time is over, it is left alone: it ends with its own timeout or, as a daemon, with the
        program.
        """
        arrived: queue.SimpleQueue[bytes | Exception | None] = queue.SimpleQueue()
        stop = threading.Event()

        def work() -> None:
            try:
                with closing(blocks):
                    for block in blocks:
                        arrived.put(block)
                        if stop.is_set():
                            return
                arrived.put(None)
            except Exception as error:
                arrived.put(error)

        threading.Thread(target=work, daemon=True).start()
        try:
            while True:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    limit = self._patience.mirror_seconds
                    raise MirrorError(f"not done within {limit:g} seconds")
                try:
                    item = arrived.get(timeout=min(left, _TICK))
                except queue.Empty:
                    self._tick(0)
                    continue
                if item is None:
                    return
                if isinstance(item, Exception):
                    raise item
                self._tick(len(item))
                yield item
        finally:
            stop.set()

    def _blocks(self, url: str, most: int) -> Generator[bytes, None, None]:
        """Yield a body block by block; raise only MirrorError or _TransientError."""
        import requests
        import urllib3

        timeout = (self._patience.connect_seconds, self._patience.read_seconds)
        try:
            # requests would read the body of a redirect, however long; so redirects are followed
            # here.
            for _ in range(_REDIRECTS_MAX + 1):
                with self._session.get(
                    url, stream=True, allow_redirects=False, timeout=timeout
                ) as response:
                    onward = self._session.get_redirect_target(response)
                    if onward is None:
                        self.address = url
                        yield from _body(response, most)
                        return
                    url = urljoin(url, onward)
            raise MirrorError(f"more than {_REDIRECTS_MAX} redirects")
        except requests.ConnectTimeout as error:
            raise _TransientError(f"no connection within {timeout[0]:g} seconds") from error
        except ValueError as error:  # not a valid address: trying again is no use
            raise MirrorError(str(error)) from error
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise _TransientError(_cause(error, timeout[1])) from error


def _body(response: Any, most: int) -> Iterator[bytes]:
    """Yield the body of a good answer, which may have `most` bytes at most."""
    status = response.status_code
    if status == 429 or status >= 500:
        asked = response.headers.get("Retry-After", "")
        raise _TransientError(f"answered {status}", float(asked) if asked.isdecimal() else 0.0)
    if status != 200:
        raise MirrorError(f"answered {status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MirrorError("sent a compressed file, expected a plain one")
    left = most
    for block in response.iter_content(_BLOCK):
        left -= len(block)
        if left < 0:
            raise MirrorError(f"sent more than {most} bytes")
        yield block


def _cause(error: BaseException, read_seconds: float) -> str:
    """Return the innermost cause of an exception of requests, in a few words."""
    innermost: BaseException | None = error
    reason = type(error).__name__
    while innermost is not None:
        if isinstance(innermost, TimeoutError):
            return f"no answer within {read_seconds:g} seconds"
        reason = getattr(innermost, "strerror", None) or str(innermost) or reason
        innermost = innermost.__cause__ or innermost.__context__
    return reason
