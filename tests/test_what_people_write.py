"""What people write in tunebooks, from the text to the notes in the MIDI file."""

from collections import Counter
from fractions import Fraction
from typing import NamedTuple

import pytest
from music21.midi import ChannelVoiceMessages

from abcgen.formats.midi import CHORDS_CHANNEL, midi_of
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from tests.referee import heard_notes, read_midi

HEAD = "M:4/4\nL:1/4\nK:C\n"
HALF = "M:2/4\nL:1/4\nK:C\n"
#: What ``DEFG|AGFE|`` sounds like, a note a beat.
WAVE = "62 64 65 67 69 67 65 64"


class Case(NamedTuple):
    """A book, and what is heard of it.

    Attributes
    ----------
    text : str
        The book.
    heard : str
        The notes of the first tune: MIDI note number and the beat where it begins, if that is not
        one beat after the note before: ``60 62 64@4``. A comma parts voices.
    following : str
        Those of the second tune.
    tempos : dict of int to int
        Beat -> tempo in quarter notes a minute from there on, if they are looked at.
    meter : str
        The metre, if it is looked at.
    chords : set of int
        The beats at which chords are struck, if they are looked at.
    """

    text: str
    heard: str
    following: str = ""
    tempos: dict[int, int] | None = None
    meter: str = ""
    chords: frozenset[int] | None = None


CASES = {
    "free text between tunes": Case(
        f"X:1\n{HEAD}DEFG|AGFE|]\n\nbeaded gag a faded cab\nabba egad\n\nX:2\n{HEAD}G4|]\n",
        WAVE,
        "67",
    ),
    "prose between tunes": Case(
        f"X:1\n{HEAD}DEFG|AGFE|]\n\nLearned from my uncle, who whistled it in the kitchen.\n"
        f"He never knew its name!\n\nX:2\n{HEAD}G4|]\n",
        WAVE,
        "67",
    ),
    "an order of parts": Case(
        "X:1\nP:AAB\nM:2/4\nL:1/4\nK:C\nP:A\nCE|\nP:B\nGF|\n", "60 64 60 64 67 65"
    ),
    "a tempo behind the key": Case(f"X:1\n{HEAD}Q:1/4=84\nDEFG|AGFE|]\n", WAVE, tempos={0: 84}),
    "a tempo in a line": Case(
        f"X:1\nQ:1/4=90\n{HEAD}DEFG|[Q:1/4=45]AGFE|]\n", WAVE, tempos={0: 90, 4: 45}
    ),
    "a chord that nobody knows": Case(
        f'X:1\n{HEAD}"C"DEFG|"C77"AGFE|"G"D4|]\n', f"{WAVE} 62@8", chords=frozenset({1, 3, 9, 11})
    ),
    "three times": Case(f"X:1\n{HALF}|::CE::|GF|]\n", "60 64 60 64 60 64 67 65"),
    "fields before the first tune": Case(
        "M:3/4\nL:1/4\nR:waltz\n\nX:1\nK:C\nCEG|\n\nX:2\nK:G\nFED|\n",
        "60 64 67",
        "66 64 62",
        {0: 138},
        "3/4",
    ),
    "a range of tempos": Case(f"X:1\nQ:1/4=72-80\n{HEAD}DEFG|AGFE|]\n", WAVE, tempos={0: 72}),
    "a clef in the key": Case("X:1\nM:4/4\nL:1/4\nK:D clef=treble\nFGAc|\n", "66 67 69 73"),
    "a key with its own accidental": Case(
        "X:1\nM:4/4\nL:1/4\nK:Gmix =b ^c\nFBcG|\n", "65 71 73 67"
    ),
    "no key": Case("X:1\nM:4/4\nL:1/4\nK:none\nFCBG|\n", "65 60 71 67"),
    "a remark behind the key": Case("X:1\nM:4/4\nL:1/4\nK:Edor?\nFGAc|\n", "66 67 69 73"),
    "one voice": Case(f"X:1\nV:1\n{HEAD}[V:1]DEFG|AGFE|]\n", WAVE),
    "two voices": Case(f"X:1\n{HEAD}V:1\nDEFG|AGFE|]\nV:2\nC2G,2|F,4|]\n", f"{WAVE}, 60 55@2 53@4"),
    "voices in lines": Case(
        f"X:1\n{HEAD}[V:A]DEFG|[V:B]C2G,2|\n[V:A]AGFE|]\n[V:B]F,4|]\n", f"{WAVE}, 60 55@2 53@4"
    ),
    "an ending for two times": Case(
        f"X:1\n{HALF}|:CE|[1,2 G2:|[3 C2|]\n", "60 64 67 60@4 64 67 60@8 64 60"
    ),
    "a first ending alone": Case(f"X:1\n{HALF}|:CE|[1 G2:|FD|]\n", "60 64 67 60@4 64 65 62"),
    "endings without a double bar": Case(
        f"X:1\n{HALF}|:C2|1 D2:|2 E2|G2|1 A2:|2 F2|]\n", "60 62@2 60@4 64@6 67@8 69@10 67@12 65@14"
    ),
    "microtones": Case(f"X:1\n{HEAD}^/D_/EFG|AGFE|]\n", f"62+50 64-50 {WAVE[6:]}"),
    "an overlay": Case(
        f"X:1\n{HEAD}DEFG & C2B,2|AGFE|]\n", "60 62@0 64@1 59@2 65@2 67@3 69 67 65 64"
    ),
    "a finger in a chord": Case(f"X:1\n{HEAD}[!3!CG]2 D2|\n", "60 67@0 62@2"),
    "no metre": Case("X:1\nM:none\nL:1/4\nK:C\nDEF|GAGFE|\n", WAVE),
    "a metre of three summands": Case(
        "X:1\nM:3+2+2/8\nL:1/4\nK:C\nDEFG/|\n", "62 64 65 67", meter="7/8"
    ),
    "a unit of a whole note": Case("X:1\nM:4/4\nL:1\nK:C\nD/4E/4F/|G|\n", "62 64 65 67@4"),
    "a key change in a bar": Case(f"X:1\n{HEAD}BF[K:D]FC|F4|\n", "71 65 66 61 66"),
    "a hidden rest of a bar": Case(f"X:1\n{HEAD}D4|X|E4|\n", "62 64@8"),
    "curly quotes": Case(
        f"X:1\n{HEAD}\u201cC\u201dDEFG|\u201eC77\u201cAGFE|]\n", WAVE, chords=frozenset({1, 3})
    ),
    "HTML": Case(f"X:1\n{HEAD}DEFG|<br>AGFE|]\n</body>\n", WAVE),
    "stray signs": Case(f"X:1\n{HEAD}|:D2E2;:|G4|],\n", "62 64@2 62@4 64@6 67@8"),
    "two fields on a line": Case("X:1\nM: 4/4 L: 1/4\nK:C\nDEFG|AGFE|]\n", WAVE),
    "an octave in the key": Case(
        "X:1\nM:4/4\nL:1/4\nK:C octave=-1\nDEFG|AGFE|]\n", "50 52 53 55 57 55 53 52"
    ),
    "a tuplet over a bar line": Case(f"X:1\n{HALF}C(3D|EF G/|\n", "60 62 64@5/3 65@7/3 67@3"),
}


def expected(text: str) -> str:
    """Return what is heard with the beat at each note."""
    voices = []
    for voice in text.split(","):
        beat, notes = Fraction(-1), []
        for note in voice.split():
            pitch, _, place = note.partition("@")
            beat = Fraction(place) if place else beat + 1
            notes.append(f"{pitch}@{beat}")
        voices.append(" ".join(notes))
    return ", ".join(voices)


def heard(data: bytes) -> str:
    """Return the notes of a MIDI file as `expected` does, those of chord symbols left out."""
    channels = heard_notes(data)
    bends = bends_of(data)
    voices = []
    for channel, notes in channels.items():
        if channel != CHORDS_CHANNEL:
            written = []
            for note in notes:
                cents = bends.get((channel, note.onset), 0)
                written.append(f"{note.pitch}{f'{cents:+}' if cents else ''}@{4 * note.onset}")
            voices.append(" ".join(written))
    return ", ".join(voices)


def bends_of(data: bytes) -> dict[tuple[int, Fraction], int]:
    """Return the pitch bends of a MIDI file in cents, by their channels and onsets."""
    file, bends = read_midi(data), {}
    for track in file.tracks:
        now = 0
        for event in track.events:
            if event.type == "DeltaTime":
                now += event.time
            elif event.type == ChannelVoiceMessages.PITCH_BEND:
                onset = Fraction(now, 4 * file.ticksPerQuarterNote)
                value = event.parameter1 + 128 * event.parameter2
                bends[event.channel, onset] = round((value - 8192) / 8192 * 200)
    return bends


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_heard_as_it_is_meant(case: Case) -> None:
    tunes = [read_tune(text) for text in split_tunebook(case.text)]
    files = [midi_of(tune) for tune in tunes]
    assert [heard(data) for data in files] == [
        expected(notes) for notes in (case.heard, case.following) if notes
    ]
    played = perform(tunes[0])
    if case.tempos:
        assert {4 * onset: qpm for onset, qpm in played.tempos} == case.tempos
    if case.meter:
        assert played.bars[0].setting.meter == case.meter
    if case.chords:
        struck = Counter(4 * sound.onset for sound in played.chords)
        assert {beat for beat, count in struck.items() if count > 1} == case.chords
