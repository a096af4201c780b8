"""Eleven voices, which of them plays each General MIDI program, and a drum.

The numbers are chosen so that spectra and envelopes have the form that textbooks describe for
each family (N. H. Fletcher, T. D. Rossing, The Physics of Musical Instruments, Springer 1998). No
recording was measured. The levels make the mean A-weighted level of the first quarter of a second
of notes from D4 to A5 the same; the banjo, which is over at once, has 3 dB less.
"""

from typing import Protocol

from abcgen.music.synth.drum import Drum, Skin
from abcgen.music.synth.spectrum import Body, Noise, Resonance, Samples
from abcgen.music.synth.struck import Struck
from abcgen.music.synth.sustained import Sustained, Vibrato


class Voice(Protocol):
    """What makes tones: see `Sustained`, `Struck` and `Drum`."""

    def total(self, pitch: float, length: int, rate: int) -> int:
        """Return how many samples a tone of `length` samples has with its release."""

    def samples(
        self, pitch: float, length: int, rate: int, start: int = 0, stop: int | None = None
    ) -> Samples:
        """Return a tone, or its part between two of its samples."""


VOICES: dict[str, Voice] = {
    # A bowed string is nearly a sawtooth; the body adds its air, two plates and the bridge.
    "fiddle": Sustained(
        level=-16.0,
        harmonics=(0.0,),
        slope=-6.0,
        body=Body(
            low=180,
            high=5000,
            resonances=(
                Resonance(280, 5, 40),
                Resonance(460, 5, 50),
                Resonance(550, 5, 60),
                Resonance(1300, -5, 350),
                Resonance(2500, 8, 900),
            ),
        ),
        attack=0.035,
        release=0.07,
        vibrato=Vibrato(hertz=5.6, cents=11, loudness=0.06),
        noise=Noise(steady=-42, burst=-30, fade=0.03, low=900, high=5500),
    ),
    # An open pipe of wide bore: few harmonics, and fewer the higher it plays.
    "flute": Sustained(
        level=-15.4,
        harmonics=(0.0, -5.0, -11.0, -20.0, -25.0, -32.0),
        slope=-30.0,
        body=Body(low=150, high=1600),
        attack=0.04,
        release=0.06,
        dark=0.75,
        vibrato=Vibrato(hertz=5.0, cents=5, loudness=0.12, delay=0.3),
        noise=Noise(steady=-36, burst=-24, fade=0.025, low=700, high=4500),
    ),
    "whistle": Sustained(
        level=-14.7,
        harmonics=(0.0, -15.0, -20.0, -33.0, -38.0),
        slope=-36.0,
        body=Body(low=150, high=3000),
        attack=0.015,
        release=0.04,
        dark=0.6,
        vibrato=Vibrato(hertz=5.2, cents=6, loudness=0.08, delay=0.35),
        noise=Noise(steady=-37, burst=-20, fade=0.012, low=1500, high=6000),
    ),
    # Free reeds, which cut the air off sharply: many strong harmonics. Two of them beat.
    "accordion": Sustained(
        level=-17.4,
        harmonics=(0.0, -2.0, -3.0, -6.0, -8.0),
        slope=-7.0,
        body=Body(low=120, high=3200, resonances=(Resonance(900, 3, 400),)),
        attack=0.025,
        release=0.05,
        dark=0.5,
        reeds=6.0,
    ),
    "concertina": Sustained(
        level=-17.7,
        harmonics=(0.0, -6.0, -2.0, -9.0, -7.0),
        slope=-8.0,
        body=Body(low=200, high=4000, resonances=(Resonance(1600, 5, 600),)),
        attack=0.018,
        release=0.04,
        dark=0.5,
    ),
    # A conical chanter with a double reed: the lowest harmonic is not the strongest.
    "pipes": Sustained(
        level=-18.5,
        harmonics=(-8.0, -4.0, 0.0, -1.0, -5.0, -8.0),
        slope=-12.0,
        body=Body(low=150, high=4000, resonances=(Resonance(1300, 4, 500),)),
        attack=0.01,
        release=0.02,
        dark=0.7,
        noise=Noise(steady=-46, burst=-34, fade=0.01, low=1500, high=6000),
    ),
    # Gut or nylon plucked near the middle with the flesh of the finger; nothing damps it.
    "harp": Struck(
        level=-12.6,
        place=0.37,
        slope=1.32,
        body=Body(low=110, high=3100, resonances=(Resonance(220, 3, 80), Resonance(420, 3, 120))),
        ring=3.2,
        shorter=0.55,
        damping=2400,
        stiffness=3e-5,
        attack=0.002,
        release=0.9,
        noise=Noise(steady=-120, burst=-24, fade=0.006, low=200, high=2500),
    ),
    "guitar": Struck(
        level=-11.5,
        place=0.19,
        slope=1.35,
        body=Body(low=90, high=3000, resonances=(Resonance(105, 4, 20), Resonance(210, 5, 45))),
        ring=3.0,
        shorter=0.6,
        damping=2000,
        stiffness=5e-5,
        attack=0.0015,
        release=0.25,
        prompt=0.5,
        prompt_rate=3.0,
        noise=Noise(steady=-120, burst=-22, fade=0.005, low=300, high=3500),
    ),
    # A skin takes the vibration out of the strings within a fraction of a second.
    "banjo": Struck(
        level=-10.5,
        place=0.11,
        slope=1.0,
        body=Body(low=220, high=4200, resonances=(Resonance(420, 5, 150), Resonance(900, 4, 300))),
        ring=1.1,
        shorter=0.4,
        damping=3500,
        stiffness=6e-5,
        attack=0.001,
        release=0.12,
        prompt=0.7,
        prompt_rate=4.0,
        noise=Noise(steady=-120, burst=-16, fade=0.004, low=500, high=5000),
    ),
    "piano": Struck(
        level=-13.0,
        place=0.12,
        slope=1.3,
        body=Body(low=70, high=2600, resonances=(Resonance(180, 3, 90),)),
        ring=6.0,
        shorter=0.6,
        damping=2600,
        stiffness=3e-4,  # about half of a real one, so that it agrees with the guitar
        attack=0.002,
        release=0.22,
        prompt=0.7,
        prompt_rate=4.0,
        noise=Noise(steady=-120, burst=-26, fade=0.012, low=100, high=1500),
        stretch=5.0,
    ),
    "bass": Struck(
        level=-8.7,
        place=0.21,
        slope=1.4,
        body=Body(low=45, high=1600, resonances=(Resonance(100, 4, 30), Resonance(200, 3, 60))),
        ring=1.3,
        shorter=0.35,
        damping=1300,
        stiffness=6e-5,
        attack=0.004,
        release=0.15,
        prompt=0.5,
        prompt_rate=2.5,
        noise=Noise(steady=-120, burst=-24, fade=0.008, low=100, high=1200),
    ),
}
#: The name of the drum, which no program has.
DRUM = "drum"
#: All that makes tones, the drum with them.
ALL_VOICES: dict[str, Voice] = {
    **VOICES,
    # A goatskin on a shallow frame: struck open, near the rim, and with the hand on the skin.
    DRUM: Drum(
        level=-7.0,
        skins={41: Skin(82, 0.5), 64: Skin(118, 0.3), 62: Skin(165, 0.12)},
        usual=Skin(140, 0.2),
        noise=Noise(steady=-120, burst=-12, fade=0.01, low=200, high=3000),
    ),
}

# How many programs of General MIDI in turn, from program 0 on, are played by which voice.
_RUNS = """
6 piano, 2 guitar, 7 harp, 1 piano, 3 accordion, 1 flute, 1 concertina, 1 accordion,
2 concertina, 8 guitar, 8 bass, 5 fiddle, 2 harp, 1 bass, 4 fiddle, 3 flute, 1 piano, 8 pipes,
7 pipes, 1 concertina, 1 whistle, 5 flute, 1 whistle, 1 flute, 1 concertina, 1 fiddle, 2 flute,
1 guitar, 1 flute, 1 accordion, 1 bass, 2 accordion, 1 fiddle, 1 flute, 1 fiddle, 3 accordion,
1 harp, 1 accordion, 1 harp, 1 guitar, 1 harp, 1 pipes, 1 fiddle, 1 harp, 3 banjo, 2 harp,
1 pipes, 1 fiddle, 1 pipes, 3 harp, 1 banjo, 3 bass, 1 fiddle, 1 guitar, 2 flute, 2 whistle,
1 bass, 1 flute, 1 piano
"""
#: The name of the voice of each MIDI program, counted from 0.
NEAREST = tuple(
    name for run in _RUNS.split(",") for count, name in [run.split()] for _ in range(int(count))
)
