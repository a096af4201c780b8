"""Compressors as models of text: how many bytes the held-out tunes add to a compressed stream.

The training tunes, and after them all held-out tunes, are one stream, with a blank line after each
tune. Its compressed size, less that of the training tunes alone, is the cost of the held-out tunes.
So a compressor may learn from one held-out tune for the next, which a network may not. It also
remembers best what it learned last, so that it does better on the book that it learned from last.
"""

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from abcgen.errors import AbcgenError
from abcgen.evaluation.likelihood.text_model import Score, predicted
from abcgen.support.programs import ProgramError, output_of

_BITS = 8  # in a byte
_MIB = 1 << 20


class Compressor:
    """What the compressors have in common; each has its own `available` and `_sizes`."""

    name: str

    def __init__(self) -> None:
        self._training = b""

    def train(self, tunes: Sequence[str]) -> None:
        """Keep the tunes; they are compressed before those that are judged."""
        self._training = _stream(tunes)

    def score(self, tunes: Sequence[str]) -> Score:
        """Judge tunes, all as one stream."""
        alone, together = self._sizes(self._training, self._training + _stream(tunes))
        return Score(float(_BITS * (together - alone)))

    def _sizes(self, alone: bytes, together: bytes) -> tuple[int, int]:
        """Return the compressed sizes of two texts, in bytes, with the same settings for both."""
        raise NotImplementedError


def _stream(tunes: Sequence[str]) -> bytes:
    return "".join(map(predicted, tunes)).encode()


class Ppmd(Compressor):
    """PPMd, variant H (as in 7-Zip), from the package pyppmd.

    Shkarin, "PPM: one step to practicality" (2002).
    """

    order = 12
    name = f"PPMd, order {order}"
    _memory = 256 * _MIB  # bytes for its model, far more than tunebooks need

    def available(self) -> str | None:
        """Return None if pyppmd is installed, else how to install it."""
        if importlib.util.find_spec("pyppmd") is None:
            return "pyppmd is not installed: pip install 'abcgen[evaluate]'"
        return None

    def _sizes(self, alone: bytes, together: bytes) -> tuple[int, int]:
        import pyppmd  # an extra

        def size(text: bytes) -> int:
            encoder = pyppmd.Ppmd7Encoder(self.order, self._memory)
            return len(encoder.encode(text)) + len(encoder.flush())

        return size(alone), size(together)


class Zpaq(Compressor):
    """The program zpaq at level 5, with its model for text.

    Notes
    -----
    The option ``-m5`` itself must not be used: it looks at the data first, and chooses one of two
    models. The one for text makes tunebooks 1.5 % shorter, and tunebooks are right at the border
    between the two: the archive of the books that `folk` learned from gets a thousand bytes
    *shorter* with one more tune, so that held-out tunes seem to cost a quarter less than they do.
    So the model for text is written out here, in the notation of zpaq's manual. Where ``-m5``
    chooses it, both make archives of exactly the same size.
    """

    name = "zpaq -m5"
    #: Words and columns, orders 0 to 8, a match model, sparse contexts, mixers and an SSE.
    _MODEL = (
        "w2c0,1010,255i1c256ci1,1,1,1,1,1,2ac0,2,0,255i1c0,3,0,0,255i1c0,4,0,0,0,255i1mm16ts19t0"
    )
    _OVERHEAD = 4096  # bytes of a block that hold no text
    _LARGEST_BLOCK = 11  # log2 of its size in MiB
    _SECONDS = 600.0  # that it may take for one archive
    _TIME = 1_000_000_000  # of the files, in seconds since 1970: the same for all

    def available(self) -> str | None:
        """Return None if the program is installed, else how to install it."""
        if shutil.which("zpaq") is None:
            return "zpaq is not installed: apt-get install zpaq, or see mattmahoney.net/dc/zpaq"
        return None

    def _sizes(self, alone: bytes, together: bytes) -> tuple[int, int]:
        # One block, since zpaq forgets everything at the end of a block; and a block of the same
        # size for both texts, since its tables grow with the block.
        blocks = range(self._LARGEST_BLOCK + 1)
        fitting = (b for b in blocks if len(together) <= (_MIB << b) - self._OVERHEAD)
        block = next(fitting, self._LARGEST_BLOCK)
        with tempfile.TemporaryDirectory() as folder:
            return self._size(alone, block, folder), self._size(together, block, folder)

    def _size(self, text: bytes, block: int, folder: str) -> int:
        """Return the size of an archive of one file."""
        file, archive = Path(folder, "tunes"), Path(folder, "tunes.zpaq")
        file.write_bytes(text)
        os.utime(file, (self._TIME, self._TIME))
        archive.unlink(missing_ok=True)
        # Fragments of 2^14 KiB on average: zpaq adds a hash of 20 bytes for each.
        options = ["-method", f"x{block},0{self._MODEL}", "-fragment", "14", "-noattributes"]
        command = ["zpaq", "add", archive.name, file.name, *options, "-threads", "1"]
        try:
            output_of(command, folder, limit=self._SECONDS)
        except ProgramError as error:
            raise AbcgenError(str(error)) from None
        return archive.stat().st_size
