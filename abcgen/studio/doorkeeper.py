"""What every request passes: from where it may come, how much it may send, and how often."""

import ipaddress
import socket
from collections import OrderedDict
from time import monotonic

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from abcgen.studio.fields import RefusedError

#: The largest body of a request, in bytes.
MOST_BYTES = 1_000_000
#: Requests of one address: how many at once, and how many a second after that.
_BURST, _A_SECOND = 400, 100
_MOST_ADDRESSES = 10_000  # that are remembered
_HERE = ("127.0.0.1", "localhost", "::1")
_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; object-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


class Doorkeeper:
    """ASGI middleware that refuses what a page of the studio would never send.

    A page from elsewhere in the same browser could otherwise reach a server on this machine: by its
    address (Origin is another), or by a name that it lets point here (Host is another).

    Parameters
    ----------
    app : ASGI application
        What stands behind it.
    host : str
        The address that the server listens at. Unless that is this machine alone, requests may
        name the machine or any IP address.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._host = app, host
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope)
        except RefusedError as error:
            answer = JSONResponse({"error": error.reason}, error.status)
            await answer(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_ours(host):
            raise RefusedError(421, "this address is not the studio's")
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope['scheme']}://{host}":
            raise RefusedError(403, "requests from other pages are refused")
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise RefusedError(403, "requests from other pages are refused")
        if scope["method"] == "POST":
            if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                raise RefusedError(415, "expected a body of the type application/json")
            length = headers.get("content-length", "0")
            if not length.isascii() or not length.isdigit() or int(length[:20]) > MOST_BYTES:
                raise RefusedError(413, f"a request has at most {MOST_BYTES:,} bytes")
        self._count(scope["client"][0] if scope.get("client") else "")

    def _is_ours(self, host: str) -> bool:
        """Return whether the header Host names this server."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        name = name.strip("[]").lower()
        if name in _HERE or name == self._host.lower():
            return True
        if self._host in _HERE:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name == socket.gethostname().lower()
        return True

    def _count(self, address: str) -> None:
        """Count a request of an address; refuse it if there were too many."""
        now = monotonic()
        left, since = self._left.pop(address, (float(_BURST), now))
        left = min(_BURST, left + (now - since) * _A_SECOND)
        self._left[address] = (max(left - 1, 0), now)
        if len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        if left < 1:
            raise RefusedError(429, "too many requests; wait a moment")
