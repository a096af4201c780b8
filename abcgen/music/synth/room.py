"""A small hall: its made-up impulse response, and sound in it, block by block."""

import functools

import numpy as np

from abcgen.music.synth.spectrum import Samples, white_noise

#: How long the room is heard after a sound ends, in seconds.
LENGTH = 0.7
_REFLECTIONS = ((0.011, 0.017, 0.023, 0.031, 0.041), (0.013, 0.019, 0.027, 0.034, 0.045))  # s
_STRONGEST = 0.35  # the first reflection; they fall as sound does, with the length of the way
_BANDS = ((0.0, 90.0, 0.0), (90.0, 500.0, 0.75), (500.0, 4000.0, 0.65), (4000.0, 1e9, 0.3))
"""Lower and upper end in hertz, and how long reverberation takes to fall by 60 dB, in seconds.
Air and cloth take the high sounds first. Below 90 Hz a small room only booms."""
_MIXING_TIME = 0.03  # seconds until single reflections have become reverberation
_SILENT = np.log(1000)  # a fall of 60 dB, in powers of e


@functools.lru_cache(maxsize=4)
def impulse_response(rate: int) -> Samples:
    """Return what the two ears hear of a click, without the click itself.

    Returns
    -------
    numpy.ndarray of float32, shape (2, samples)
        Left and right; each has a sum of squares of 1. It ends at 0.
    """
    count = round(LENGTH * rate)
    time = np.arange(count) / rate
    ears = []
    for ear, reflections in enumerate(_REFLECTIONS):
        spectrum = np.fft.rfft(white_noise(count, seed=2 + ear))
        frequencies = np.fft.rfftfreq(count, 1 / rate)
        late = np.zeros(count)
        for lower, upper, seconds in _BANDS:
            if seconds:
                band = spectrum * ((frequencies >= lower) & (frequencies < upper))
                late += np.fft.irfft(band, count) * np.exp(-_SILENT / seconds * time)
        late *= np.clip(time / _MIXING_TIME, 0, 1)
        late /= np.sqrt(np.sum(late**2))
        for index, delay in enumerate(reflections):
            place = round(delay * rate)
            late[place] += (-1) ** index * _STRONGEST * reflections[0] / delay
        late *= np.minimum((count - 1 - np.arange(count)) / (0.1 * count), 1)
        ears.append(late / np.sqrt(np.sum(late**2)))
    response: Samples = np.stack(ears).astype(np.float32)
    response.flags.writeable = False
    return response


class Room:
    """What is heard of a sound's reflections, block by block (overlap-add).

    Parameters
    ----------
    rate : int
        Samples a second.
    block : int
        Samples of a block.
    """

    def __init__(self, rate: int, block: int) -> None:
        response = impulse_response(rate)
        self._block = block
        self._size = 1 << (block + response.shape[1] - 2).bit_length()
        self._spectrum = np.fft.rfft(response, self._size)
        self._ringing = np.zeros((2, self._size - block), np.float32)

    def answer(self, sound: Samples) -> Samples:
        """Return the reflections during a block, of it and of what was before.

        Parameters
        ----------
        sound : numpy.ndarray of float32, shape (block,)

        Returns
        -------
        numpy.ndarray of float32, shape (2, block)
        """
        spread = np.fft.irfft(np.fft.rfft(sound, self._size) * self._spectrum, self._size)
        kept = self._ringing.shape[1]
        spread[:, :kept] += self._ringing
        self._ringing = spread[:, self._block :].copy()
        return np.asarray(spread[:, : self._block])
