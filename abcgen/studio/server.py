"""The server: it listens, opens the page, and ends when it is asked to."""

import argparse
import os
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from abcgen.errors import AbcgenError
from abcgen.studio.book import Book
from abcgen.support.console import say
from abcgen.support.extras import require
from abcgen.support.processes import num_processors

if TYPE_CHECKING:
    from abcgen import Generator
    from abcgen.studio.workshop import Workshop

_FEWEST_THREADS = 2
_GRACE = 5  # seconds that visitors have to be answered after the end was asked for
#: Seconds until one thread must let another go on; a step of the network waits for that.
_TURN = 0.001


def run(command: str, arguments: argparse.Namespace) -> int:
    """Serve the studio until Ctrl-C.

    The page is there first; the network is loaded while the browser opens it.

    Raises
    ------
    AbcgenError
        If the port is taken, or checkpoint or book cannot be used.
    """
    require("verovio", "studio", "the studio")

    def load() -> "Generator":
        import abcgen

        return abcgen.load(*filter(None, [arguments.checkpoint]))

    with _listening(arguments.host, arguments.port) as listener:
        book = Book(arguments.book or default_book())
        try:
            from abcgen.studio.networks import Networks
            from abcgen.studio.workshop import Workshop

            networks = Networks(load, book.path.with_name("networks"))
            shop = Workshop(networks, book, max(_FEWEST_THREADS, num_processors()))
            address = _address(arguments.host, listener.getsockname()[1])
            if arguments.checkpoint:
                load()  # so that a wrong name is said before anything else
            say(command, f"{address} keeps tunes in {book.path}; Ctrl-C ends it")
            if not arguments.no_browser:
                _open_browser(address)
            _serve(shop, arguments.host, listener)
        finally:
            book.close()
    return 0


def default_book() -> Path:
    """Return where the book is unless the user says: where the system keeps such files."""
    home = Path.home()
    if os.name == "nt":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local")
    elif (home / "Library/Application Support").is_dir():
        folder = home / "Library/Application Support"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return folder / "abcgen" / "studio.book"


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections; the system holds them until they are answered."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        if os.name != "nt":  # there, it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise AbcgenError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}; choose another "
            "--port (0 takes any that is free) or --host"
        ) from None
    return listener


def _address(host: str, port: int) -> str:
    """Return the address of the page."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _open_browser(address: str) -> None:
    """Open the page in the user's browser, which may take a while."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _serve(shop: "Workshop", host: str, listener: socket.socket) -> None:
    """Answer requests until a signal comes.

    Raises
    ------
    Exception
        That with which loading what makes tunes ended.
    """
    import uvicorn

    from abcgen.studio.application import application

    sys.setswitchinterval(_TURN)
    settings = uvicorn.Config(
        application(shop, host),
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_GRACE,
    )
    failures: list[Exception] = []

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            shop.begin(failed)  # not before, since loading would delay the page

    def failed(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    server = Server(settings)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # the usual way to end it
        pass
    finally:
        shop.close()
    if failures:
        raise failures[0]
