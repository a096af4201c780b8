"""Ask a server for files, with every answer bounded in bytes and in time."""

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

FILE_MAX = 8 << 20  # bytes of one tunebook or archive of unknown size; the known ones are < 0.3 MB
CORPUS_MAX = 32 << 20  # bytes of a whole corpus, unpacked
_BLOCK = 1 << 14  # bytes read from the network at a time
_REDIRECTS_MAX = 5
_RETRY_AFTER_MAX = 30.0  # seconds; a server that asks for more is left for the next mirror
_TICK = 0.5  # seconds between two looks at the clock while nothing arrives


class MirrorError(Exception):
    """Why a mirror is of no use; the message is for the user."""


class _TransientError(Exception):
    """An answer that may be better next time."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait  # seconds the server asked for


@dataclass(frozen=True)
class Patience:
    """How long to wait for a mirror, in seconds, and how often to ask again."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    mirror_seconds: float = 120.0
    attempts: int = 3
    backoff_seconds: float = 1.0


class Client:
    """One mirror's answers: each bounded in bytes, all of them together in bytes and time.

    Parameters
    ----------
    patience : Patience
        Time limits and number of attempts; the mirror's time starts now.
    tick : callable
        Called with the number of bytes that have just come, 0 while waiting.
    """

    def __init__(self, patience: Patience, tick: Callable[[int], None]) -> None:
        import requests

        self._patience = patience
        self._tick = tick
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"abcgen/{__version__}"
        # Sizes and sums are those of the plain file; and nothing unpacks that is not bounded.
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
            Sum to expect, 64 hexadecimal digits, if known.
        limit : int
            Bytes at most where `size` is not known.

        Returns
        -------
        bytes
            The body, of that size and sum.

        Raises
        ------
        MirrorError
            If it can't be had, or is another size or sum; the message names the address.
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
            raise MirrorError(f"{url}: {len(content)} bytes came, {size} were expected")
        found = hashlib.sha256(content).hexdigest()
        if sha256 is not None and found != sha256:
            raise MirrorError(f"{url}: the SHA-256 is {found[:12]}..., not {sha256[:12]}...")
        return content

    def _in_time(self, blocks: Generator[bytes, None, None]) -> Iterator[bytes]:
        """Yield the blocks until the mirror's time is over, whatever the server does.

        requests' timeouts count from byte to byte: a name server that is silent or a header that
        drips would hold the caller for ever. So another thread waits for them. It is left behind
        when time is over: it ends with its own timeout or, being a daemon, with the program.
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
        """Yield a body block by block; raise MirrorError or _TransientError, and nothing else."""
        import requests
        import urllib3

        timeout = (self._patience.connect_seconds, self._patience.read_seconds)
        try:
            # requests would read the body of a redirect, however long; so they are followed here.
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
        except ValueError as error:  # an address that is none: it will not get better
            raise MirrorError(str(error)) from error
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise _TransientError(_cause(error, timeout[1])) from error


def _body(response: Any, most: int) -> Iterator[bytes]:
    """Yield the body of a good answer, at most `most` bytes of it."""
    status = response.status_code
    if status == 429 or status >= 500:
        asked = response.headers.get("Retry-After", "")
        raise _TransientError(f"answered {status}", float(asked) if asked.isdecimal() else 0.0)
    if status != 200:
        raise MirrorError(f"answered {status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MirrorError("sent a packed file though a plain one was asked for")
    left = most
    for block in response.iter_content(_BLOCK):
        left -= len(block)
        if left < 0:
            raise MirrorError(f"sent more than {most} bytes")
        yield block


def _cause(error: BaseException, read_seconds: float) -> str:
    """Return the reason at the bottom of an exception of requests, in a few words."""
    innermost: BaseException | None = error
    reason = type(error).__name__
    while innermost is not None:
        if isinstance(innermost, TimeoutError):
            return f"no answer within {read_seconds:g} seconds"
        reason = getattr(innermost, "strerror", None) or str(innermost) or reason
        innermost = innermost.__cause__ or innermost.__context__
    return reason
