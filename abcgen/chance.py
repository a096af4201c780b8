"""Chance for tunes that are drawn side by side: each has its own.

A character is drawn by adding to the logits noise of Gumbel's distribution and taking the largest
sum; each then comes up with the probability that a softmax gives it. So the noise can be made many
steps ahead, whatever the network will foretell; and where the largest sum may not be taken, the
next one is drawn as if there had never been the other.

Source: J. I. Yellott, "The relationship between Luce's choice axiom, Thurstone's theory of
comparative judgment, and the double exponential distribution", 1977.
"""

import hashlib
from collections.abc import Sequence

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
        #: Of each stream what decides, and how many blocks of its tune's noise were made.
        self._keys = [np.uint64(0)] * num_streams
        self._blocks = [0] * num_streams
        #: The streams whose next block begins at a step, for as many steps as a block has.
        self._due: list[list[int]] = [[] for _ in range(_BLOCK)]
        self._due[0] = list(range(num_streams))

    def begin(self, stream: int, seed: int, number: int, attempt: int) -> None:
        """Let a tune begin: the seed, its number and the try at it decide what comes."""
        words = hashlib.sha256(f"{seed} {number} {attempt}".encode()).digest()
        self._keys[stream] = np.uint64(int.from_bytes(words[:8], "little"))
        self._blocks[stream] = 0
        next(due for due in self._due if stream in due).remove(stream)
        self._due[self._step].append(stream)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the tunes alone, numbered anew."""
        self._noise = self._noise[:, streams]
        self._keys = [self._keys[stream] for stream in streams]
        self._blocks = [self._blocks[stream] for stream in streams]
        renumbered = {stream: number for number, stream in enumerate(streams)}
        self._due = [[renumbered[one] for one in due if one in renumbered] for due in self._due]

    def next(self) -> NDArray[np.float32]:
        """Return the noise of the next step, (N, V); the array is changed later."""
        step = self._step
        self._step = (step + 1) % _BLOCK
        if self._due[step] and self._scale:
            self._make(step, self._due[step])
        noise: NDArray[np.float32] = self._noise[step]
        return noise

    def _make(self, step: int, streams: Sequence[int]) -> None:
        """Make a block of noise for some streams, from a step on."""
        size = self._noise.shape[2]
        integers = np.concatenate([self._integers(stream, _BLOCK * size) for stream in streams])
        noise = (integers >> (32 - _BITS)).astype(np.float32)
        noise += 0.5
        noise *= 0.5**_BITS
        for _ in range(2):
            np.log(noise, out=noise)
            np.negative(noise, out=noise)
        noise *= self._scale
        of_block = noise.reshape(len(streams), _BLOCK, size).swapaxes(0, 1)
        self._noise[step:, streams] = of_block[: _BLOCK - step]
        self._noise[:step, streams] = of_block[_BLOCK - step :]

    def _integers(self, stream: int, count: int) -> NDArray[np.uint32]:
        """Return the integers of 32 bits that the next block of a stream is made of."""
        half = count // 2
        places = np.arange(half * self._blocks[stream], half * (self._blocks[stream] + 1))
        self._blocks[stream] += 1
        state = self._keys[stream] + (places.astype(np.uint64) + np.uint64(1)) * _GAMMA
        for shift, factor in _MIXING:
            state ^= state >> shift
            state *= factor
        state ^= state >> _LAST_SHIFT
        return state.astype("<u8", copy=False).view("<u4")
