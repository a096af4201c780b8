import pytest

from abcgen.music.instruments import INSTRUMENTS, program_of
from abcgen.music.synth.voices import NEAREST, VOICES


def test_every_program_has_a_voice_and_every_voice_a_program() -> None:
    assert len(NEAREST) == len(INSTRUMENTS) == 128
    assert set(NEAREST) == set(VOICES)
    assert len(VOICES) == 11


@pytest.mark.parametrize(
    ("instrument", "voice"),
    [
        ("piano", "piano"),
        ("honky-tonk piano", "piano"),
        ("harpsichord", "guitar"),
        ("dulcimer", "piano"),
        ("church organ", "flute"),
        ("reed organ", "concertina"),
        ("accordion", "accordion"),
        ("harmonica", "concertina"),
        ("nylon guitar", "guitar"),
        ("acoustic bass", "bass"),
        ("violin", "fiddle"),
        ("contrabass", "fiddle"),
        ("harp", "harp"),
        ("string ensemble 1", "fiddle"),
        ("oboe", "pipes"),
        ("clarinet", "concertina"),
        ("piccolo", "whistle"),
        ("flute", "flute"),
        ("tin whistle", "whistle"),
        ("calliope lead", "flute"),
        ("bass and lead", "bass"),
        ("new age pad", "accordion"),
        ("atmosphere", "guitar"),
        ("sitar", "banjo"),
        ("banjo", "banjo"),
        ("kalimba", "harp"),
        ("bagpipe", "pipes"),
        ("fiddle", "fiddle"),
        ("shanai", "pipes"),
        ("woodblock", "banjo"),
        ("bird tweet", "whistle"),
        ("gunshot", "piano"),
    ],
)
def test_the_nearest_voice(instrument: str, voice: str) -> None:
    assert NEAREST[program_of(instrument)] == voice
