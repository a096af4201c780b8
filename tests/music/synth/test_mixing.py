import subprocess
import sys
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import UsageError
from abcgen.formats.midi import MELODY_CHANNEL, midi_of
from abcgen.music.accompaniment.parts import Part
from abcgen.music.instruments import program_of
from abcgen.music.notes import PlayedBar
from abcgen.music.performance import Performance, perform
from abcgen.music.sounds import Sound
from abcgen.music.synth.mixing import KNEE, RATE, TOP, length_of, limited, sound_of
from abcgen.music.synth.spectrum import Samples
from abcgen.music.synth.tones import Tones
from abcgen.music.synth.voices import NEAREST, VOICES
from abcgen.notation.tune import Tune, read_tune
from tests.conftest import ROOT
from tests.referee import heard_notes

F = Fraction
REEL = (
    'X:1\nT:Made up\nR:reel\nM:4/4\nL:1/8\nK:D\n|:"D"d2fd Adfd|"G"B2dB GBdB|"A7"gece "D"d4:|\n'
    '|:"Bm"b2fb "Em"g3 e|"A"[Ac]2 (3efg "D"d4:|\n'
)


def tune(body: str) -> Tune:
    return read_tune(f"X:1\nT:Test\nM:4/4\nL:1/8\nQ:1/4=60\nK:C\n{body}\n")


def whole(performance: Performance, rate: int = RATE) -> Samples:
    """Return all blocks as one; there is at least one."""
    return np.concatenate(list(sound_of(performance, rate=rate)))


def playing(sounds: list[Sound], program: int = 40, qpm: float = 240) -> Performance:
    """Return a performance of a few sounds; a whole note takes a second."""
    return Performance("Test", [(F(0), qpm)], [], sounds, [], [(F(0), program)])


def chords(sounds: list[Sound]) -> list[Part]:
    """Return sounds as an accompaniment of a guitar."""
    return [Part("Chords", [(F(0), NEAREST.index("guitar"))], sounds)]


PROGRAM = {name: NEAREST.index(name) for name in VOICES}


@pytest.mark.parametrize("name", VOICES)
def test_a_tune_is_neither_clipped_nor_offset_and_ends_in_silence(name: str) -> None:
    played = perform(read_tune(REEL), instrument=PROGRAM[name] + 1)
    sound = whole(played)
    assert sound.shape == (length_of(played), 2)
    assert sound.dtype == np.float32
    assert 0.2 < np.abs(sound).max() < KNEE  # the limiter has nothing to do
    assert np.all(np.abs(sound.mean(axis=0)) < 1e-5)
    assert np.all(np.abs(sound[:2]) < 5e-3)
    assert np.all(np.abs(sound[-1]) < 1e-6)
    assert length_of(played) > played.clock.at(played.duration) * RATE


def test_other_voices_and_microtones_are_heard() -> None:
    two = read_tune("X:1\nM:4/4\nL:1/4\nQ:1/4=240\nK:C\nV:1\nz4|\nV:2\nA2^/A2|\n")
    for played, pitch, second in ((perform(two), 69, 0.1), (perform(two), 69.5, 0.6)):
        sound = whole(played, RATE)[round(second * RATE) :][: RATE // 4].sum(axis=1)
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * RATE))
        near = slice(8 * 420, 8 * 480)
        found = (8 * 420 + int(np.argmax(spectrum[near]))) / 8
        assert abs(12 * np.log2(found / 440) + 69 - pitch) < 0.1


@pytest.mark.parametrize("name", VOICES)
def test_onsets_are_within_a_millisecond_of_those_in_a_midi_file(name: str) -> None:
    alone = tune("C,/2 z15/2 z/3 G z20/3 (3z2z2e2 z4 | z8 | z c''3 z4 |")
    notes = heard_notes(midi_of(alone))[MELODY_CHANNEL]
    sound = np.abs(whole(perform(alone, instrument=PROGRAM[name] + 1))).max(axis=1)
    assert len(notes) == 4
    for note in notes:
        expected = float(note.onset) * 4  # seconds: a quarter note takes one
        before = round((expected - 0.5) * RATE)
        near = sound[max(before, 0) : before + RATE]
        found = max(before, 0) + int(np.argmax(near > near.max() * 1e-4))
        assert abs(found / RATE - expected) < 0.001


def test_it_follows_changes_of_tempo_and_voice() -> None:
    changing = tune("C8|[Q:1/4=120]D8|[I:MIDI program 105]E8|")  # 4, 2 and 2 seconds
    played = perform(changing)
    parts = ((0, 60, "fiddle", 4), (4, 62, "fiddle", 2), (6, 64, "banjo", 2))
    expected = sum(
        np.pad(
            whole(playing([Sound(pitch, F(0), F(seconds), 96)], PROGRAM[voice])),
            ((at * RATE, 9 * RATE), (0, 0)),
        )[: length_of(played)]
        for at, pitch, voice, seconds in parts
    )
    np.testing.assert_allclose(whole(played), expected, atol=1e-5)


@pytest.mark.parametrize("pitch", [60, 64, 69, 74, 79, 84])
@pytest.mark.parametrize("name", VOICES)
def test_half_the_amplitude_of_a_note_is_there_at_once(name: str, pitch: int) -> None:
    tone = Tones(RATE).part(name, pitch, RATE // 2, 0, RATE // 2)
    window = RATE // 100  # 10 ms, at least two periods
    level = np.sqrt(np.convolve(np.square(tone, dtype=np.float64), np.ones(window) / window))
    reached = int(np.argmax(level > level[: RATE // 4].max() / 2)) - window // 2
    assert reached / RATE < 0.015


def test_the_same_samples_in_every_process() -> None:
    script = (
        "import hashlib, sys\n"
        "from abcgen.music.performance import perform\n"
        "from abcgen.music.synth.mixing import sound_of\n"
        "from abcgen.notation.tune import read_tune\n"
        "played = perform(read_tune(sys.argv[1]), instrument=sys.argv[2])\n"
        "digest = hashlib.sha256()\n"
        "for block in sound_of(played):\n"
        "    digest.update(block.tobytes())\n"
        "print(digest.hexdigest())\n"
    )
    command = [sys.executable, "-c", script, REEL, "fiddle"]
    digests = {subprocess.check_output(command, cwd=ROOT, text=True) for _ in range(2)}
    assert len(digests) == 1


def test_tones_made_before_change_nothing() -> None:
    played = perform(read_tune(REEL), instrument="banjo")
    tones = Tones(RATE)
    first, again, few = (
        np.concatenate(list(sound_of(played, tones=kept)))
        for kept in (tones, tones, Tones(RATE, most=50_000))
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first, few)
    with pytest.raises(UsageError, match="expected tones of 22050 samples a second, found 44100"):
        sound_of(played, rate=22050, tones=tones)


def test_ten_thousand_bars_need_no_more_memory_than_a_few() -> None:
    bars = 10_000
    length = F(1, 4)  # the bar lasts an eighth of a second, and its notes ring into the next
    setting = tune("C").setting
    played = Performance(
        "Long",
        [(F(0), 480)],
        [PlayedBar(n * length, length, setting) for n in range(bars)],
        [Sound(60 + n % 12, n * length, length, 96) for n in range(bars)],
        chords([Sound(36 + n % 12, n * length, length, 52) for n in range(bars)]),
        [(F(0), program_of("harp"))],
    )
    total = length_of(played, rate=8000)
    bytes_in_all = total * 2 * 4
    assert bytes_in_all > 75e6
    tracemalloc.start()
    try:
        heard = sum(len(block) for block in sound_of(played, rate=8000))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert heard == total
    assert most < bytes_in_all / 6


def test_a_note_of_an_hour_is_played_piece_by_piece() -> None:
    played = playing([Sound(60, F(0), F(3600), 96)])
    blocks = sound_of(played, rate=8000)
    tracemalloc.start()
    try:
        loudest = [float(np.abs(next(blocks)).max()) for _ in range(20)]
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert min(loudest) > 0.05
    assert most < 20e6  # all of it would be 115 MB


def test_blocks_leave_no_seam() -> None:
    """A note that lies across blocks is the same as one that lies in one of them."""
    at = F(30_000, RATE)
    late = whole(playing([Sound(67, at, F(1), 96)], PROGRAM["flute"]))[30_000:]
    early = whole(playing([Sound(67, F(0), F(1), 96)], PROGRAM["flute"]))
    np.testing.assert_allclose(late, early, atol=1e-5)


@pytest.mark.parametrize("name", VOICES)
def test_every_pitch_velocity_and_length(name: str) -> None:
    program = PROGRAM[name]
    lengths = [F(0), F(1, 100_000), F(1, 64), F(1, 2), F(15)]
    for pitch in (0, 21, 60, 108, 127):
        sounds = [Sound(pitch, F(n), length, 96) for n, length in enumerate(lengths)]
        sound = whole(playing(sounds, program))
        assert np.all(np.isfinite(sound))
        assert np.abs(sound).max() < TOP
    soft, loud = (
        np.abs(whole(playing([Sound(60, F(0), F(1, 2), velocity)], program))).max()
        for velocity in (1, 127)
    )
    assert 0 < soft < loud / 1000


def test_many_loud_notes_at_once_do_not_clip() -> None:
    sounds = [Sound(pitch, F(0), F(1, 8), 127) for pitch in range(21, 109)]
    for name in ("fiddle", "accordion", "banjo", "piano"):
        assert KNEE < np.abs(whole(playing(sounds, PROGRAM[name]))).max() < TOP


def test_rests_and_empty_tunes_are_silent() -> None:
    assert length_of(playing([])) == 0
    assert list(sound_of(playing([]))) == []
    rest = perform(tune("z8 | z4"))
    assert length_of(rest) == 6 * RATE
    assert not np.any(whole(rest))
    assert length_of(perform(tune("C z7 | z8"))) == 8 * RATE


def test_the_players_stand_apart() -> None:
    notes = [Sound(48 + n, F(n, 4), F(1, 4), 60) for n in range(24)]
    tempos, programs = [(F(0), 240.0)], [(F(0), PROGRAM["guitar"])]
    melody = whole(Performance("", tempos, [], notes, [], programs))
    others = whole(Performance("", tempos, [], [], chords(notes), programs))
    left, right = np.sum(melody**2, axis=0)
    assert left > 1.3 * right
    left, right = np.sum(others**2, axis=0)
    assert right > 1.3 * left
    # They sum where the limiter has nothing to do.
    both = whole(Performance("", tempos, [], notes, chords(notes), programs))
    np.testing.assert_allclose(both, melody + others, atol=1e-5)


@pytest.mark.parametrize("rate", [8000, 22050, 48000, 96000])
def test_other_rates_take_as_long(rate: int) -> None:
    played = perform(read_tune(REEL))
    assert length_of(played, rate=rate) / rate == pytest.approx(length_of(played) / RATE, abs=1e-3)
    sound = whole(played, rate)
    assert 0.2 < np.abs(sound).max() < KNEE


@pytest.mark.parametrize("rate", [0, -1, 7999, 96001])
def test_a_rate_out_of_range_is_refused_at_once(rate: int) -> None:
    with pytest.raises(UsageError, match=f"the rate must be 8000 to 96000 .* not {rate}"):
        sound_of(perform(tune("C")), rate=rate)


@given(st.lists(st.floats(-1e6, 1e6, width=32), max_size=20))
def test_limited_sound_never_reaches_the_top(values: list[float]) -> None:
    sound = np.array(values, np.float32)
    heard = limited(sound)
    assert np.all(np.abs(heard) < TOP)
    quiet = np.abs(sound) <= np.float32(KNEE)
    assert np.array_equal(heard[quiet], sound[quiet])
    assert np.all(np.abs(heard) <= np.abs(sound) + 1e-6)
    assert np.array_equal(np.sign(heard), np.sign(sound))
    order = np.argsort(sound)
    assert np.all(np.diff(heard[order]) >= -1e-6)


def test_the_limiter_bends_what_is_loud_and_keeps_louder_louder() -> None:
    """From the knee on it bends gently: no corner, and no two levels made the same."""
    levels = np.linspace(0, TOP + 0.2, 400, dtype=np.float32)
    for sign in (1, -1):
        heard = sign * limited(sign * levels[:, None])[:, 0]
        quiet = levels <= KNEE
        np.testing.assert_array_equal(heard[quiet], levels[quiet])
        assert (np.diff(heard) > 0).all()
        assert heard.max() < TOP
        expected = KNEE + (TOP - KNEE) * np.tanh((levels[~quiet] - KNEE) / (TOP - KNEE))
        np.testing.assert_allclose(heard[~quiet], expected, atol=1e-6)
