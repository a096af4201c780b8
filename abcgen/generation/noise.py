"""Random noise for tunes that are drawn side by side: each tune has its own.

A character is drawn by adding noise with Gumbel's distribution to the logits and taking the largest
sum; each character then comes up with its softmax probability. So the noise can be made many steps
ahead, before the network has predicted anything; and where the largest sum may not be taken, the
second largest is a fair draw among the rest.

Source: J. I. Yellott, "The relationship between Luce's choice axiom, Thurstone's theory of
comparative judgment, and the double exponential distribution", 1977.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

#: Steps whose noise is made at once.
_BLOCK = 64
# Constants of SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom
# number generators", 2014. Written out here so that the same seed gives the same tune with every
# version of numpy.
_GAMMA = 0x9E3779B97F4A7C15
_MIXING = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST_SHIFT = np.uint64(31)
#: Bits of a number between 0 and 1: with the added half they are all that float32 holds.
_BITS = 23


class Noise:
    """Gumbel noise for N tunes, step by step.

    Parameters
    ----------
    num_streams : int
        N.
    vocab_size : int
        V.
    scale : float
        The noise is multiplied by it, if `begin` names no other. Noise times a temperature is
        equivalent to logits divided by that temperature.
    """

    def __init__(self, num_streams: int, vocab_size: int, scale: float = 1.0) -> None:
        self._scale = scale
        #: Of each stream.
        self._scales = [np.float32(scale)] * num_streams
        self._noise = np.zeros((_BLOCK, num_streams, vocab_size), np.float32)
        self._step = 0
        #: For each stream the key of its tune, and how many random numbers the tune has used.
        self._keys = [0] * num_streams
        self._used = [0] * num_streams
        pairs = np.arange(1, _BLOCK * vocab_size // 2 + 2, dtype=np.uint64)
        self._gammas = pairs * np.uint64(_GAMMA)

    def begin(
        self, stream: int, seed: int, number: int, attempt: int, scale: float | None = None
    ) -> None:
        """Begin a tune: the seed, its number and the attempt determine its noise."""
        self._scales[stream] = np.float32(self._scale if scale is None else scale)
        words = hashlib.sha256(f"{seed} {number} {attempt}".encode()).digest()
        self._keys[stream] = int.from_bytes(words[:8], "little")
        self._used[stream] = 0
        self._fill(stream)

    def silence(self, stream: int) -> None:
        """Let a stream have no noise until a tune begins in it."""
        self._scales[stream] = np.float32(0)
        self._noise[:, stream] = 0

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0."""
        self._noise = self._noise[:, streams]
        self._scales = [self._scales[stream] for stream in streams]
        self._keys = [self._keys[stream] for stream in streams]
        self._used = [self._used[stream] for stream in streams]

    def next(self) -> NDArray[np.float32]:
        """Return the noise of the next step, (N, V); the array is overwritten later."""
        if self._step == _BLOCK:
            self._step = 0
            for stream in range(len(self._keys)):
                self._fill(stream)
        step = self._step
        self._step += 1
        noise: NDArray[np.float32] = self._noise[step]
        return noise

    def _fill(self, stream: int) -> None:
        """Make the noise of a stream for the rest of the block."""
        # One stream at a time, and all streams in a row at the start of a block: so the numbers
        # stay in the processor's cache.
        rest, scale = self._noise[self._step :, stream], self._scales[stream]
        if not rest.size or not scale:
            rest[:] = 0
            return
        noise = (self._integers(stream, rest.size) >> (32 - _BITS)).astype(np.float32)
        noise += 0.5
        noise *= 0.5**_BITS
        np.log(noise, out=noise)
        np.negative(noise, out=noise)
        np.log(noise, out=noise)
        noise *= -scale
        rest[:] = noise.reshape(rest.shape)

    def _integers(self, stream: int, count: int) -> NDArray[np.uint32]:
        """Return the next 32-bit integers of a stream; each 64-bit state gives two."""
        before, half = divmod(self._used[stream], 2)
        self._used[stream] += count
        start = np.uint64((self._keys[stream] + before * _GAMMA) % 2**64)
        state = self._gammas[: (half + count + 1) // 2] + start
        for shift, factor in _MIXING:
            state ^= state >> shift
            state *= factor
        state ^= state >> _LAST_SHIFT
        return state.astype("<u8", copy=False).view("<u4")[half : half + count]
