"""The studio: compose, see, hear, change and keep tunes in a browser.

`abcgen studio` opens it. Here is only what can be asked for; `abcgen.studio.server` does it.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from abcgen.errors import UsageError
from abcgen.support import defaults
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, whole_number

_COMMAND = "abcgen.studio"
_PORT, _LAST_PORT = 8317, 65535


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.studio`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Open a page in the browser to compose, see, hear, change and keep tunes. It "
        "is served by this machine and for this machine alone, unless --host says otherwise.",
    )
    add = parser.add_argument
    add(
        "--port",
        type=whole_number(0),
        default=_PORT,
        metavar="P",
        help=f"the port to listen at; 0 takes any that is free (default: {_PORT})",
    )
    add(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="the address to listen at (default: 127.0.0.1, this machine alone). Whoever can reach "
        "it can use the studio and change the book",
    )
    add(
        "--book",
        type=Path,
        metavar="FILE",
        help="where tunes are kept (default: a file in your system's folder for application data; "
        "the studio prints where)",
    )
    add("--no-browser", action="store_true", help="open no browser")
    add(
        "--checkpoint",
        metavar="NAME-OR-DIR",
        help=f"the network (default: {defaults.CHECKPOINT})",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.studio`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        if arguments.port > _LAST_PORT:
            raise UsageError(f"--port must be {_LAST_PORT} or less, not {arguments.port}")
        # numpy's own threads have nothing to multiply here.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from abcgen.support.extras import require

        for module in ("starlette", "uvicorn"):
            require(module, "studio", "the studio")
        from abcgen.studio import server

        return server.run(_COMMAND, arguments)

    return guarded(_COMMAND, body)
