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

#: Characters of a tune whose noise is made at once.
_BLOCK = 64
# Of SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
# generators", 2014. Written here, so that it stays the same with every version of numpy.
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
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
        #: How far the generator of each stream has come, and how much farther it goes in a block:
        #: two numbers at a time.
        self._states = [0] * num_streams
        times = np.arange(1, _BLOCK * vocab_size // 2 + 1, dtype=np.uint64)
        self._farther = times * _GAMMA
        #: The streams whose next block begins at a step, for as many steps as a block has.
        self._due: list[list[int]] = [[] for _ in range(_BLOCK)]
        self._due[0] = list(range(num_streams))

    def begin(self, stream: int, seed: int, number: int, attempt: int) -> None:
        """Let a tune begin: the seed, its number and the try at it decide what comes."""
        words = hashlib.sha256(f"{seed} {number} {attempt}".encode()).digest()
        self._states[stream] = int.from_bytes(words[:8], "little")
        next(due for due in self._due if stream in due).remove(stream)
        self._due[self._step].append(stream)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the tunes alone, numbered anew."""
        self._noise = self._noise[:, streams]
        self._states = [self._states[stream] for stream in streams]
        renumbered = {stream: number for number, stream in enumerate(streams)}
        self._due = [[renumbered[one] for one in due if one in renumbered] for due in self._due]

    def next(self) -> NDArray[np.float32]:
        """Return the noise of the next step, (N, V); the array is changed later."""
        step = self._step
        self._step = (step + 1) % _BLOCK
        if self._scale:
            for stream in self._due[step]:
                self._make(step, stream)
        noise: NDArray[np.float32] = self._noise[step]
        return noise

    def _make(self, step: int, stream: int) -> None:
        """Make a block of noise for a stream, from a step on."""
        # For all streams at once it would not stay within the processor's cache.
        noise = (self._integers(stream) >> (32 - _BITS)).astype(np.float32)
        noise += 0.5
        noise *= 0.5**_BITS
        np.log(noise, out=noise)
        np.negative(noise, out=noise)
        np.log(noise, out=noise)
        noise *= -self._scale
        block = noise.reshape(_BLOCK, -1)
        self._noise[step:, stream] = block[: _BLOCK - step]
        self._noise[:step, stream] = block[_BLOCK - step :]

    def _integers(self, stream: int) -> NDArray[np.uint32]:
        """Return the integers of 32 bits that the next block of a stream is made of."""
        state = np.uint64(self._states[stream]) + self._farther
        self._states[stream] = state[-1].item()
        for shift, factor in _MIXING:
            state ^= state >> shift
            state *= factor
        state ^= state >> _LAST_SHIFT
        return state.astype("<u8", copy=False).view("<u4")
