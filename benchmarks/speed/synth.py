"""Tunes to sound by the synthesizer's voices, compared with the time that the sound lasts."""

from collections.abc import Iterator, Sequence
from functools import partial

from abcgen.music.performance import Performance, perform
from abcgen.music.synth.mixing import RATE, length_of, sound_of
from abcgen.music.synth.voices import NEAREST, VOICES
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.settings import Settings, drawn_book, processor_seconds

TITLE = "Sound"
ABOUT = (
    "Seconds of sound, stereo at 44100 samples a second, for a second of processor time, of tunes "
    "sampled from the network, for each voice of the synthesizer. The baseline is real time: a "
    "ratio of 1 would be just fast enough to listen to."
)
TUNES = 3


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    book = drawn_book(settings, TUNES).read_text(encoding="utf-8")
    tunes = [read_tune(text) for text in split_tunebook(book)]
    for voice in VOICES:
        instrument = NEAREST.index(voice) + 1
        performances = [perform(tune, instrument=instrument) for tune in tunes]
        lasting = sum(length_of(one) for one in performances) / RATE

        play = partial(_play, performances)
        play()  # makes what is made once, such as the room
        ours = [lasting / processor_seconds(play) for _ in range(settings.few)]
        real_time = [1.0] * len(ours)
        yield compared(f"synth/{voice}", voice, "real time", MORE, ours, real_time, "s/s")


def _play(performances: Sequence[Performance]) -> None:
    for one in performances:
        for _ in sound_of(one):
            pass
