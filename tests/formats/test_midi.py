"""MIDI files: read back, they hold the notes of the tune and nothing else."""

import os
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from music21 import converter
from music21.midi import ChannelVoiceMessages, MetaEvents

from abcgen.errors import NotationError, UsageError
from abcgen.formats.channels import BASS_CHANNEL, DRUMS_CHANNEL
from abcgen.formats.midi import CHORDS_CHANNEL, MELODY_CHANNEL, midi_of
from abcgen.music.instruments import program_of
from abcgen.music.notes import music_of
from abcgen.music.performance import MELODY_VELOCITY, perform
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.names import read_tunebook
from tests.referee import Heard, abc2midi_notes, heard_notes, needs_abc2midi, read_midi

F = Fraction
TUNEBOOKS = os.environ.get("ABCGEN_TUNEBOOKS", "")


def tune(body: str, *fields: str, key: str = "C", meter: str = "4/4") -> Tune:
    header = "".join(f"{field}\n" for field in fields)
    return read_tune(f"X:1\nT:Test\nM:{meter}\nL:1/8\n{header}K:{key}\n{body}\n")


def melody(data: bytes) -> list[Heard]:
    return heard_notes(data).get(MELODY_CHANNEL, [])


def same_notes(tune: Tune) -> bool:
    """Say whether the melody in the file is, exactly, that of the tune."""
    heard = Counter((n.pitch, n.onset, n.duration) for n in melody(midi_of(tune)))
    return heard == Counter((n.pitch, n.onset, n.duration) for n in music_of(tune).notes)


def meta(data: bytes, kind: MetaEvents) -> list[tuple[Fraction, bytes]]:
    """Return when (in eighths) and what the first track says of a kind."""
    file = read_midi(data)
    found, now = [], 0
    for event in file.tracks[0].events:
        if event.type == "DeltaTime":
            now += event.time
        elif event.type == kind:
            found.append((Fraction(2 * now, file.ticksPerQuarterNote), event.data))
    return found


def programs(data: bytes) -> list[tuple[Fraction, int]]:
    """Return when (in eighths) and to what the melody's program changes."""
    file = read_midi(data)
    found, now = [], 0
    for event in file.tracks[1].events:
        if event.type == "DeltaTime":
            now += event.time
        elif event.type == ChannelVoiceMessages.PROGRAM_CHANGE:
            found.append((Fraction(2 * now, file.ticksPerQuarterNote), event.data))
    return found


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("CCCC C2C2", id="the same pitch again and again"),
        pytest.param("(3ABc (3:2:2d2e (5ABcde (7ABcdefg", id="tuplets"),
        pytest.param("A//// B//// c///>d///", id="the shortest notes"),
        pytest.param("A/64 (3B/64c/64d/64", id="shorter than the usual ticks"),
        pytest.param("[CEG]4 [CC]2 [C2E4]", id="groups"),
        pytest.param("z2 C z C2 z2 | Z3 | C", id="rests"),
        pytest.param("|:C-|C2 [1 D:|[2 E|]", id="repeats and ties"),
        pytest.param("C,, c''", id="low and high"),
    ],
)
def test_notes_are_exact(body: str) -> None:
    assert same_notes(tune(body))


def test_lengths_that_no_ticks_can_count_do_not_drift() -> None:
    odd = tune("A/59 B/61 c/53 d/47 (9:7ABcdefgab c")
    last, expected = melody(midi_of(odd))[-1], music_of(odd).notes[-1]
    tick = F(1, 4 * 10080)
    assert abs(last.onset - expected.onset) <= tick
    assert abs(last.duration - expected.duration) <= tick


def test_a_note_ends_before_the_next_of_its_pitch_begins() -> None:
    events = [e for e in read_midi(midi_of(tune("C C"))).tracks[1].events if e.pitch is not None]
    assert [event.isNoteOn() and event.velocity > 0 for event in events] == [
        True, False, True, False,
    ]  # fmt: skip


def test_title_metre_and_key_are_told() -> None:
    data = midi_of(read_tune("X:1\nT:Fête d'été\nM:6/8\nL:1/8\nK:F#m\nABc\n"))
    assert meta(data, MetaEvents.SEQUENCE_TRACK_NAME) == [(0, "Fête d'été".encode())]
    assert meta(data, MetaEvents.TIME_SIGNATURE) == [(0, bytes([6, 3, 36, 8]))]
    assert meta(data, MetaEvents.KEY_SIGNATURE) == [(0, bytes([3, 1]))]


@pytest.mark.parametrize(
    ("meter", "expected"),
    [("C", [4, 2, 24, 8]), ("C|", [2, 1, 48, 8]), ("3/2", [3, 1, 48, 8]), ("3/8", [3, 3, 12, 8])],
)
def test_metres(meter: str, expected: list[int]) -> None:
    data = midi_of(tune("C", meter=meter))
    assert meta(data, MetaEvents.TIME_SIGNATURE) == [(0, bytes(expected))]


@pytest.mark.parametrize(
    ("key", "expected"), [("Bb", [254, 0]), ("Edor", [2, 1]), ("Amix", [2, 0]), ("Cm", [253, 1])]
)
def test_keys(key: str, expected: list[int]) -> None:
    assert meta(midi_of(tune("C", key=key)), MetaEvents.KEY_SIGNATURE) == [(0, bytes(expected))]


def test_changes_of_metre_and_key_are_told_when_they_come_and_undone_by_a_repeat() -> None:
    data = midi_of(tune("|:C8|\nK:G\nM:3/4\nC6:|"))
    assert [(when, what[0]) for when, what in meta(data, MetaEvents.TIME_SIGNATURE)] == [
        (0, 4), (8, 3), (14, 4), (22, 3),
    ]  # fmt: skip
    assert [(when, what[0]) for when, what in meta(data, MetaEvents.KEY_SIGNATURE)] == [
        (0, 0), (8, 1), (14, 0), (22, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "meter", "starts"),
    [
        pytest.param("|:C|C3D3|C3D2:|", "6/8", [0, 1, 7, 13, 19], id="pickup and repeat"),
        pytest.param("CD|:C8|D8:|E8|]", "4/4", [0, 2, 10, 18, 26, 34], id="pickup once"),
        pytest.param("CD|C8|D6||EF|C8|D6:|", "C|", [0, 2, 10, 18, 26, 34, 42], id="a second"),
        pytest.param("C3/D/|C4|D4|", "2/4", [0, 2, 6], id="sixteenths"),
        pytest.param("C/|C4|D7/|", "2/4", [0, 0.5, 4.5], id="one sixteenth"),
        pytest.param("C4|C4|C2|C4|", "2/4", [0, 4, 8, 10], id="a short bar"),
        pytest.param("C|C6|Z2|C6|", "3/4", [0, 1, 7, 13, 19], id="rest of bars"),
    ],
)
def test_another_program_finds_the_bars(body: str, meter: str, starts: list[float]) -> None:
    """music21 reads the file as a score: onsets of its measures, in eighths."""
    score = converter.parseData(midi_of(tune(body, meter=meter)), format="midi")
    measures = score.parts[0].getElementsByClass("Measure")
    assert [2 * measure.offset for measure in measures] == starts


def test_ornaments_sound() -> None:
    heard = melody(midi_of(tune("{e}c2 .c2")))
    assert [(n.pitch, n.onset * 8, n.duration * 8) for n in heard] == [
        (76, 0, F(1, 4)), (72, F(1, 4), F(7, 4)), (72, 2, 1),
    ]  # fmt: skip


def test_a_swing_moves_the_off_beat() -> None:
    heard = melody(midi_of(tune("cdef"), swing=0.67))
    assert [n.onset * 8 for n in heard] == [0, F(67, 50), 2, F(167, 50)]
    with pytest.raises(UsageError, match="swing"):
        midi_of(tune("cdef"), swing=1.5)


def test_the_instrument_of_the_tune_unless_another_is_given() -> None:
    flute = tune("C", "%%MIDI program 73")
    programs = [
        read_midi(data).tracks[1].getProgramChanges()
        for data in (midi_of(flute), midi_of(flute, instrument="violin"), midi_of(tune("C")))
    ]
    assert programs == [[73], [40], [40]]


@pytest.mark.parametrize(
    ("semitones", "fifths"), [(2, 3), (-2, 255), (12, 1), (-12, 1), (5, 0), (6, 251), (1, 252)]
)
def test_a_transposition_moves_melody_chords_and_key(semitones: int, fifths: int) -> None:
    plain = midi_of(tune('"G"G2B2 d4|', key="G"))
    moved = midi_of(tune('"G"G2B2 d4|', f"%%MIDI transpose {semitones}", key="G"))
    for channel, notes in heard_notes(plain).items():
        expected = [note._replace(pitch=note.pitch + semitones) for note in notes]
        assert heard_notes(moved)[channel] == expected
    assert meta(moved, MetaEvents.KEY_SIGNATURE) == [(0, bytes([fifths, 0]))]


def test_a_transposition_beyond_what_midi_can_play_is_a_reason() -> None:
    with pytest.raises(NotationError, match="%%MIDI transpose 60 takes a note outside"):
        midi_of(tune("c'", "%%MIDI transpose 60"))


def test_the_tempo_is_written_in_microseconds() -> None:
    data = midi_of(tune("C"), qpm=150)
    assert meta(data, MetaEvents.SET_TEMPO) == [(0, (400_000).to_bytes(3, "big"))]


@pytest.mark.parametrize("qpm", [0, -1, 3.5, 1001, float("nan"), float("inf")])
def test_a_tempo_that_makes_no_sense_is_refused(qpm: float) -> None:
    with pytest.raises(UsageError, match="tempo"):
        midi_of(tune("C"), qpm=qpm)


@pytest.mark.parametrize(
    ("instrument", "program"),
    [("violin", 40), (" Violin ", 40), ("tin whistle", 78), (1, 0), ("128", 127), ("piano", 0)],
)
def test_an_instrument_by_name_or_number(instrument: str | int, program: int) -> None:
    track = read_midi(midi_of(tune("C"), instrument=instrument)).tracks[1]
    assert track.getProgramChanges() == [program] == [program_of(instrument)]


def test_the_accompaniment_is_in_the_file() -> None:
    one = tune('|:"Am"c3"E7"d e4:|"Am"A6|]')
    heard = heard_notes(midi_of(one))[CHORDS_CHANNEL]
    assert sorted((n.pitch, n.onset, n.duration) for n in heard) == sorted(
        (sound.pitch, sound.onset, sound.duration) for sound in perform(one).chords
    )


def test_who_accompanies_has_a_track_and_a_channel() -> None:
    one = tune("%%MIDI bassprog 32\n" + '"Am"c3"E7"d e4|"Am"A8|]')
    data = midi_of(one, accompaniment="full", drums=True)
    parts = {part.name: part.sounds for part in perform(one, accompaniment="full").accompaniment}
    channels = heard_notes(data)
    assert set(channels) == {MELODY_CHANNEL, CHORDS_CHANNEL, BASS_CHANNEL, DRUMS_CHANNEL}
    for channel, name in ((CHORDS_CHANNEL, "Chords"), (BASS_CHANNEL, "Bass")):
        heard = [(note.onset, note.pitch, note.velocity) for note in channels[channel]]
        assert heard == sorted((one.onset, one.pitch, one.velocity) for one in parts[name])
    tracks = read_midi(data).tracks[2:]
    assert [track.getProgramChanges() for track in tracks] == [[32], [25], []]
    assert DRUMS_CHANNEL == 10


def test_without_a_word_the_file_is_that_of_the_simple_accompaniment() -> None:
    one = tune('|:"Am"c3"E7"d e4:|"Am"A8|]')
    plain = midi_of(one)
    assert plain == midi_of(one, accompaniment="simple", drums=False)
    assert set(heard_notes(midi_of(one, accompaniment="none"))) == {MELODY_CHANNEL}


def test_the_accompaniment_is_softer_lower_and_ends_with_the_tune() -> None:
    channels = heard_notes(midi_of(tune('|:"Am"c3"E7"d e4:|"Am"A6|]')))
    chords = channels[CHORDS_CHANNEL]
    assert max(note.velocity for note in chords) < MELODY_VELOCITY * 2 / 3
    assert max(note.pitch for note in chords) < 60
    assert max(note.onset + note.duration for note in chords) <= F(22, 8)


def test_the_chords_leave_the_melody_as_it_is() -> None:
    plain, with_chords = midi_of(tune("cdef gabc'")), midi_of(tune('"C"cdef "G7"gabc\''))
    assert melody(plain) == melody(with_chords)
    assert len(read_midi(plain).tracks) == 2
    assert len(read_midi(with_chords).tracks) == 3


def test_a_tune_that_cannot_be_read_is_told() -> None:
    with pytest.raises(NotationError, match="not a note length"):
        midi_of(tune("C/0|"))


def test_changes_of_tempo_program_and_transposition_stand_where_they_are_written() -> None:
    body = "C8|[Q:1/4=60]D8|\n%%MIDI program 73\nQ:1/2=100\n%%MIDI transpose 2\nE8|"
    data = midi_of(tune(body, "Q:1/4=120"))
    tempos = [(at, round(6e7 / int.from_bytes(d))) for at, d in meta(data, MetaEvents.SET_TEMPO)]
    assert tempos == [(0, 120), (8, 60), (16, 200)]
    assert programs(data) == [(0, 40), (16, 73)]
    assert [note.pitch for note in melody(data)] == [60, 62, 66]
    # C is written in C, and sounds in D from the third bar on.
    assert meta(data, MetaEvents.KEY_SIGNATURE) == [(0, bytes([0, 0])), (16, bytes([2, 0]))]


def test_an_instrument_that_is_asked_for_plays_all() -> None:
    body = "C8|\n%%MIDI program 73\nE8|"
    assert programs(midi_of(tune(body), instrument="accordion")) == [(0, 21)]


def test_importing_the_module_does_not_load_music21() -> None:
    code = "import abcgen.formats.midi, abcgen.render, sys; sys.exit('music21' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "body",
    [
        "|:CDEF GABc|[1 c8:|[2 C8|]",
        "(3ABc d>e f<g a4-|a8|]",
        "[CEG]4 ^F_B=F2|F4 z2 C2|]",
        "|:C8|[1,2 D8:|[3 E8|]",
        "|:C8|[1,3 D8:|[2,4 E8:|F8|]",
        "|:C8|D8|[1 E8:|F8|]",
        "P:A\n|:C8:|\nP:B\nD8|\nP:C\nE8|",
        "C8|\n%%MIDI transpose 3\nD8|",
    ],
)
class TestAgainstAbc2midi:
    pytestmark = needs_abc2midi

    def test_the_files_sound_the_same(self, body: str) -> None:
        order = "P:A2(BC)2A\n" if body.startswith("P:") else ""
        head = f"X:1\nT:t\nM:4/4\nL:1/8\nQ:1/4=120\n{order}%%MIDI chordattack 0\nK:G\n"
        text = f"{head}{body}\n"
        ours, theirs = sorted(melody(midi_of(read_tune(text)))), sorted(abc2midi_notes(text))
        assert [note.pitch for note in ours] == [note.pitch for note in theirs]
        for one, other in zip(ours, theirs, strict=True):
            # abc2midi ends each note a tick or so early.
            assert abs(one.onset - other.onset) < F(1, 200)
            assert abs(one.duration - other.duration) < F(1, 200)


@pytest.mark.skipif(not TUNEBOOKS, reason="ABCGEN_TUNEBOOKS names no folder of .abc files")
def test_every_tune_of_the_tunebooks_has_its_notes() -> None:
    rendered, wrong = 0, []
    for file in sorted(Path(TUNEBOOKS).rglob("*.abc")):
        for text in split_tunebook(read_tunebook(file)):
            try:
                one = read_tune(text)
                music_of(one)
            except NotationError:
                continue
            rendered += 1
            if not same_notes(one):
                wrong.append((file.name, one.number, one.title))
    assert rendered
    assert not wrong
