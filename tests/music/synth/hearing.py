"""What the tests hear in samples: pitch, and where a sound begins."""

import numpy as np

from abcgen.music.synth.spectrum import Samples

RATE = 44100


def cents_between(hertz: float, other: float) -> float:
    return float(1200 * np.log2(hertz / other))


def mean_frequency(tone: Samples, near: float, start: float, stop: float) -> float:
    """Return the mean frequency, in hertz, of the partial near one, between two times in seconds.

    The partial is turned back by the frequency that is expected; how its phase then still turns
    is by how much it is off. Others are averaged out, over eight periods at a time.
    """
    turned = tone * np.exp(-2j * np.pi * near / RATE * np.arange(len(tone)))
    window = np.hanning(round(8 * RATE / near) + 2)[1:-1]
    size = 1 << (len(turned) + len(window) - 1).bit_length()
    smooth = np.fft.ifft(np.fft.fft(turned, size) * np.fft.fft(window / window.sum(), size))
    delay = len(window) // 2
    phase = np.unwrap(np.angle(smooth[delay : delay + len(tone)]))
    first, last = round(start * RATE), round(stop * RATE)
    return near + float(phase[last] - phase[first]) / (2 * np.pi * (last - first) / RATE)


def peaks(tone: Samples, low: float, high: float) -> list[float]:
    """Return the frequencies of the spectral peaks in a band, in hertz, the strongest first.

    A parabola is laid through the logarithms of a peak and its neighbours.
    """
    spectrum = np.fft.rfft(tone * np.hanning(len(tone)), 4 * len(tone))
    level = np.log(np.abs(spectrum) + 1e-12)
    step = RATE / (4 * len(tone))
    found = []
    for place in range(int(low / step), int(high / step) + 1):
        before, here, after = level[place - 1 : place + 2]
        if before < here >= after:
            shift = (before - after) / (2 * (before - 2 * here + after))
            found.append((-here, (place + shift) * step))
    return [hertz for _, hertz in sorted(found)]


def power_elsewhere(tone: Samples, hertz: float) -> float:
    """Return the share of power that is more than 6 Hz from every harmonic of `hertz`.

    The window is that of Blackman and Harris, whose own tails are at -92 dB.
    """
    angle = 2 * np.pi * np.arange(len(tone)) / len(tone)
    parts = (0.35875, -0.48829, 0.14128, -0.01168)
    window = sum(part * np.cos(order * angle) for order, part in enumerate(parts))
    power = np.abs(np.fft.rfft(tone * window)) ** 2
    place = np.fft.rfftfreq(len(tone), 1 / RATE)
    apart = np.abs(place - hertz * np.round(place / hertz))
    return float(power[apart > 6].sum() / power.sum())


def brightness(tone: Samples) -> float:
    """Return the mean frequency of a sound, weighted by amplitude, in hertz."""
    amplitude = np.abs(np.fft.rfft(tone * np.hanning(len(tone))))
    return float((amplitude * np.fft.rfftfreq(len(tone), 1 / RATE)).sum() / amplitude.sum())
