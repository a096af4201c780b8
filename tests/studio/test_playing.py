import io
import wave

import abcgen
from abcgen.api.playing import RELEASE
from tests.studio.servers import Server

PICKUP = 'X:1\nT:a\nM:3/4\nL:1/4\nQ:1/4=60\nK:C\nG|:"C"c2 e|{d}g-g z:|\n'


def test_a_schedule_is_in_seconds(server: Server) -> None:
    plan = server.ask("schedule", abc=PICKUP)
    assert plan["qpm"] == 60
    assert plan["seconds"] == 13
    assert [note[:2] for note in plan["notes"][:3]] == [[0, 1], [1, 2], [3, 1]]
    assert [PICKUP[note[2]] for note in plan["notes"][:6]] == list("Gceggz")
    assert [note[3] for note in plan["notes"]] == [0, 1, 1, 2, 2, 2, 1, 1, 2, 2, 2]
    assert plan["beats"][:5] == [[0, False], [1, True], [2, False], [3, False], [4, True]]
    assert [sound[2] for sound in plan["melody"]][:3] == [67, 72, 76]
    assert plan["chords"]


def test_tones_are_equally_long_and_in_tune(server: Server) -> None:
    answer = server.post("tones", instrument="flute", pitches="69,81", seconds=0.5)
    with wave.open(io.BytesIO(answer.content)) as sound:
        rate = sound.getframerate()
        frames = sound.readframes(sound.getnframes())
        assert sound.getnchannels() == 1
    import numpy as np

    samples = np.frombuffer(frames, "<i2").reshape(2, -1)
    assert samples.shape[1] == round(0.5 * rate) + round(RELEASE * rate)
    for tone, expected in zip(samples, (440, 880), strict=True):
        held = tone[: rate // 2].astype(float)
        found = np.abs(np.fft.rfft(held)).argmax() * rate / len(held)
        assert abs(found - expected) <= 3
    assert not samples[:, -1].any()


def test_what_is_played_is_written_down(server: Server) -> None:
    notes = "62:1 66:1/2 65:1/2 z:3 61:4 69:6"
    music = server.ask("written", notes=notes, key="D", meter="4/4")["abc"]
    assert music == "DF/2=F/2z3C3-|CA6"


def test_what_cannot_be_played_is_refused(server: Server) -> None:
    for path, asked in (
        ("tones", {"instrument": "kazoo", "pitches": "60"}),
        ("tones", {"instrument": "flute", "pitches": "60,"}),
        ("tones", {"instrument": "flute", "pitches": "128"}),
        ("written", {"notes": "60:1 x", "key": "C", "meter": "C"}),
        ("written", {"notes": "200:1", "key": "C", "meter": "C"}),
        ("written", {"notes": "60:99", "key": "C", "meter": "C"}),
        ("written", {"notes": "60:1/3", "key": "C", "meter": "C"}),
        ("written", {"notes": "60:0", "key": "C", "meter": "C"}),
        ("written", {"notes": "60:1", "key": "H", "meter": "C"}),
        ("written", {"notes": "60:1", "key": "C", "meter": "none"}),
        ("schedule", {"abc": "X:1\nT:a\nK:C\nc,,,,,,,,,|"}),
        ("schedule", {"abc": "X:1\nT:a\nL:1/1\nQ:1/4=20\nK:C\n" + "C32|" * 60}),
    ):
        assert server.post(path, **asked).status_code == 422


def test_the_notes_of_a_schedule_are_those_of_the_score(server: Server) -> None:
    tune = abcgen.load().tune(seed=5, rhythm="reel")
    (shown,) = [server.ask("check", abc=tune.abc)["tune"]]
    plan = server.ask("schedule", abc=tune.abc)
    for _, _, offset, bar in plan["notes"]:
        assert f'id="n{offset}"' in shown["svg"] or tune.abc[offset] in "z["
        assert 0 <= bar < len(shown["bars"])
