"""A sound font for the tests: one instrument, whose sound is a sine of 441 hertz for a4."""

import struct

import numpy as np

_RATE, _PERIOD = 44100, 100  # samples a second, samples
_LENGTH = 20 * _PERIOD


def tiny_font() -> bytes:
    """Return the bytes of an SF2 file (SoundFont technical specification 2.04)."""
    wave = 20000 * np.sin(2 * np.pi * np.arange(_LENGTH) / _PERIOD)
    samples = np.concatenate([wave, np.zeros(46)]).astype("<i2").tobytes()
    info = _chunk("ifil", struct.pack("<HH", 2, 1)) + _text("isng") + _text("INAM")
    end = bytes(10)
    presets = struct.pack("<20sHHHIII", b"Tiny", 0, 0, 0, 0, 0, 0)
    presets += struct.pack("<20sHHHIII", b"EOP", 0, 0, 1, 0, 0, 0)
    sample = struct.pack(
        "<20sIIIIIBbHH", b"Sine", 0, _LENGTH, _PERIOD, _LENGTH - _PERIOD, _RATE, 69, 0, 0, 1
    )
    tables = [
        ("phdr", presets),
        ("pbag", struct.pack("<4H", 0, 0, 1, 0)),
        ("pmod", end),
        ("pgen", struct.pack("<4H", 41, 0, 0, 0)),  # 41: the instrument
        ("inst", struct.pack("<20sH20sH", b"Tiny", 0, b"EOI", 1)),
        ("ibag", struct.pack("<4H", 0, 0, 2, 0)),
        ("imod", end),
        ("igen", struct.pack("<6H", 54, 1, 53, 0, 0, 0)),  # 54: looped; 53: the sample
        ("shdr", sample + struct.pack("<20s26x", b"EOS")),
    ]
    parts = [
        _list("INFO", info),
        _list("sdta", _chunk("smpl", samples)),
        _list("pdta", b"".join(_chunk(name, data) for name, data in tables)),
    ]
    return _chunk("RIFF", b"sfbk" + b"".join(parts))


def _chunk(name: str, data: bytes) -> bytes:
    return name.encode() + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _list(name: str, data: bytes) -> bytes:
    return _chunk("LIST", name.encode() + data)


def _text(name: str) -> bytes:
    return _chunk(name, b"Tiny\0\0")
