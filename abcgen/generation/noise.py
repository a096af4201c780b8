"""Chance for tunes that are drawn side by side: each has its own.

A character is drawn by adding to the logits noise of Gumbel's distribution and taking the largest
sum; each then comes up with the probability that a softmax gives it. So the noise can be made many
steps ahead, whatever the network will foretell; and where the largest sum may not be taken, the
next one is drawn as if there had never been the other.

Source: J. I. Yellott, "The relationship between Luce's choice axiom, Thurstone's theory of
comparative judgment, and the double exponential distribution", 1977.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

#: Steps whose noise is made at once.
_BLOCK = 64
# Of SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
# generators", 2014. Written here, so that it stays the same with every version of numpy.
_GAMMA = 0x9E3779B97F4A7C15
_MIXING = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST_SHIFT = np.uint64(31)
#: Bits of a number from 0 to 1: with the half behind them they are all that float32 holds.
_BITS = 23


class Chance:
    """Noise for N tunes, step by step.

    Parameters
    ----------
    num_streams : int
        N.
    vocab_size : int
        V.
    scale : float
        What the noise is multiplied by. To draw at a temperature it is that: the same as if
        logits were divided by it.
    """

    def __init__(self, num_streams: int, vocab_size: int, scale: float) -> None:
        self._scale = np.float32(scale)
        self._noise = np.zeros((_BLOCK, num_streams, vocab_size), np.float32)
        self._step = 0
        #: Of each stream what decides, and how many numbers its tune has had.
        self._keys = [0] * num_streams
        self._had = [0] * num_streams
        pairs = np.arange(1, _BLOCK * vocab_size // 2 + 2, dtype=np.uint64)
        self._gammas = pairs * np.uint64(_GAMMA)

    def begin(self, stream: int, seed: int, number: int, attempt: int) -> None:
        """Let a tune begin: the seed, its number and the try at it decide what comes."""
        words = hashlib.sha256(f"{seed} {number} {attempt}".encode()).digest()
        self._keys[stream] = int.from_bytes(words[:8], "little")
        self._had[stream] = 0
        self._make(stream)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the tunes alone, numbered anew."""
        self._noise = self._noise[:, streams]
        self._keys = [self._keys[stream] for stream in streams]
        self._had = [self._had[stream] for stream in streams]

    def next(self) -> NDArray[np.float32]:
        """Return the noise of the next step, (N, V); the array is changed later."""
        if self._step == _BLOCK:
            self._step = 0
            for stream in range(len(self._keys)):
                self._make(stream)
        step = self._step
        self._step += 1
        noise: NDArray[np.float32] = self._noise[step]
        return noise

    def _make(self, stream: int) -> None:
        """Make the noise of a stream for what is left of the block."""
        # One by one, and all in a row where a block begins: so it stays in the processor's cache.
        left = self._noise[self._step :, stream]
        if not left.size or not self._scale:
            return
        noise = (self._integers(stream, left.size) >> (32 - _BITS)).astype(np.float32)
        noise += 0.5
        noise *= 0.5**_BITS
        np.log(noise, out=noise)
        np.negative(noise, out=noise)
        np.log(noise, out=noise)
        noise *= -self._scale
        left[:] = noise.reshape(left.shape)

    def _integers(self, stream: int, count: int) -> NDArray[np.uint32]:
        """Return the next integers of 32 bits of a stream, which come in pairs."""
        before, half = divmod(self._had[stream], 2)
        self._had[stream] += count
        start = np.uint64((self._keys[stream] + before * _GAMMA) % 2**64)
        state = self._gammas[: (half + count + 1) // 2] + start
        for shift, factor in _MIXING:
            state ^= state >> shift
            state *= factor
        state ^= state >> _LAST_SHIFT
        return state.astype("<u8", copy=False).view("<u4")[half : half + count]
