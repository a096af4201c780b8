"""Compressors as models of text: how much longer what they write gets by tunes put behind others.

The training tunes and behind them all held-out tunes are one stream, a blank line after each tune,
and its compressed size less that of the training tunes alone is what the held-out tunes cost. So a
compressor may learn from one held-out tune for the next, which a network is not let do; and what
it learned last it remembers best, so that a book does better that is the last to be learned from.
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
    """What compressors share; each has its own `available` and `_sizes`."""

    name: str

    def __init__(self) -> None:
        self._training = b""

    def train(self, tunes: Sequence[str]) -> None:
        """Keep the tunes, to be compressed before those that are judged."""
        self._training = _stream(tunes)

    def score(self, tunes: Sequence[str]) -> Score:
        """Judge tunes, all of them as one stream."""
        alone, together = self._sizes(self._training, self._training + _stream(tunes))
        return Score(float(_BITS * (together - alone)))

    def _sizes(self, alone: bytes, together: bytes) -> tuple[int, int]:
        """Return the compressed sizes of two texts, in bytes, with the same settings for both."""
        raise NotImplementedError


def _stream(tunes: Sequence[str]) -> bytes:
    return "".join(map(predicted, tunes)).encode()


class Ppmd(Compressor):
    """PPMd, variant H (as in 7-Zip), by the package pyppmd.

    Shkarin, "PPM: one step to practicality" (2002).
    """

    order = 12
    name = f"PPMd, order {order}"
    _memory = 256 * _MIB  # that its model may take, far more than tunebooks need

    def available(self) -> str | None:
        """Return None if pyppmd is installed, else how to get it."""
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
    """The program zpaq at its level 5, the model it has for text.

    Notes
    -----
    ``-m5`` itself must not be used here. It first looks at the data to choose between two models,
    and the one for text is 1.5 % shorter on tunebooks. They are right at the border: with
    one tune more, the archive of the shipped network's tunebooks gets a thousand bytes *shorter*,
    and the tunes behind them seem to cost a quarter less than they do. So the model is spelled
    out as zpaq's manual has it. It is ``-m5``'s own for text, and gives archives of the same size,
    to the byte, where ``-m5`` chooses that.
    """

    name = "zpaq -m5"
    #: Words and columns; orders 0 to 8; a match model; sparse contexts; mixers and an SSE.
    _MODEL = (
        "w2c0,1010,255i1c256ci1,1,1,1,1,1,2ac0,2,0,255i1c0,3,0,0,255i1c0,4,0,0,0,255i1mm16ts19t0"
    )
    _SEAM = 4096  # bytes less than its size that a block holds
    _LARGEST_BLOCK = 11  # log2 of MiB
    _SECONDS = 600.0  # that it may take for one archive
    _TIME = 1_000_000_000  # when the files were written, seconds since 1970: the same for all

    def available(self) -> str | None:
        """Return None if the program is installed, else how to get it."""
        if shutil.which("zpaq") is None:
            return "zpaq is not installed: apt-get install zpaq, or see mattmahoney.net/dc/zpaq"
        return None

    def _sizes(self, alone: bytes, together: bytes) -> tuple[int, int]:
        # One block, so that all of the training text is known behind it; and of the same size for
        # both, since zpaq's tables grow with it.
        blocks = range(self._LARGEST_BLOCK + 1)
        fitting = (b for b in blocks if len(together) <= (_MIB << b) - self._SEAM)
        block = next(fitting, self._LARGEST_BLOCK)
        with tempfile.TemporaryDirectory() as folder:
            return self._size(alone, block, folder), self._size(together, block, folder)

    def _size(self, text: bytes, block: int, folder: str) -> int:
        """Return the size of an archive of one file."""
        file, archive = Path(folder, "tunes"), Path(folder, "tunes.zpaq")
        file.write_bytes(text)
        os.utime(file, (self._TIME, self._TIME))
        archive.unlink(missing_ok=True)
        # Fragments of 2^14 KiB on average: else a hash of 20 bytes is added every now and then.
        options = ["-method", f"x{block},0{self._MODEL}", "-fragment", "14", "-noattributes"]
        command = ["zpaq", "add", archive.name, file.name, *options, "-threads", "1"]
        try:
            output_of(command, folder, limit=self._SECONDS)
        except ProgramError as error:
            raise AbcgenError(str(error)) from None
        return archive.stat().st_size
