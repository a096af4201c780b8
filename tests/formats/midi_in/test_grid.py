"""Times on the grid: exact ones stay, played ones go to the nearest division; none are guessed."""

import itertools
import random

import pytest

from abcgen.errors import CorpusError
from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.grid import on_grid
from abcgen.formats.midi_in.line import Sound
from tests.formats.midi_in.made import TICKS

EIGHTHS = [place * TICKS // 2 for place in range(64)]


def sounds(onsets: list[float], held: float = 1.0) -> list[Sound]:
    """Return notes from each onset to the next, or a part of it."""
    ends = [*onsets[1:], onsets[-1] + TICKS]
    return [
        Sound((60 + place % 7,), begin, begin + held * (end - begin))
        for place, (begin, end) in enumerate(zip(onsets, ends, strict=True))
    ]


def onsets(found: list[Sound]) -> list[float]:
    return [sound.onset for sound in found]


@pytest.mark.parametrize("ticks", [24, 96, 120, 192, 384, 480, 960, 10080])
def test_written_times_stay_exactly(ticks: int) -> None:
    parts = (0, 1 / 2, 1, 4 / 3, 5 / 3, 2, 2 + 1 / 4, 3, 3 + 1 / 6, 3 + 1 / 3, 3 + 1 / 2, 4)
    written = sounds([round(part * ticks) for part in parts])
    found = on_grid(written, ticks)
    assert onsets(found) == [round(part * QUARTER) for part in parts] or ticks < 480
    assert all(
        abs(a - part * QUARTER) <= QUARTER / ticks
        for a, part in zip(onsets(found), parts, strict=True)
    )


@pytest.mark.parametrize("jitter", [0.01, 0.03])
def test_played_times_go_to_the_beats(jitter: float) -> None:
    chance = random.Random(3)
    played = [max(0.0, time + chance.gauss(0, jitter * TICKS)) for time in EIGHTHS]
    found = on_grid(sounds(played, held=0.8), TICKS)
    assert onsets(found) == [place * QUARTER // 2 for place in range(64)]
    # They are played detached, but no rests are meant.
    assert all(a.end == b.onset for a, b in itertools.pairwise(found))


def test_ends_at_any_time_do_not_look_written_where_ticks_are_few() -> None:
    """With 192 ticks most times are near a 1/48 or 1/32; the ends go to sixteenths."""
    chance = random.Random(8)
    begin = [place * 96 for place in range(64)]
    ends = [onset + chance.randint(60, 94) for onset in begin]
    found = on_grid([Sound((60,), a, b) for a, b in zip(begin, ends, strict=True)], 192)
    assert {(sound.end - sound.onset) * 4 / QUARTER for sound in found} == {2.0}


def test_the_end_of_a_note_in_a_triplet_is_that_of_one_of_its_notes() -> None:
    triplet = [0, TICKS // 3, 2 * TICKS // 3]
    timed = [
        (beat * TICKS + onset, beat * TICKS + onset + 50)
        for beat in range(8)
        for onset in triplet[:2]
    ]
    found = on_grid([Sound((60,), a, b) for a, b in timed], TICKS, played=True)
    assert {(sound.end * 3) % QUARTER for sound in found} == {0}


@pytest.mark.parametrize("part", [0.45, 0.6, 0.8])
def test_notes_that_are_all_cut_short_by_as_much_are_written_whole(part: float) -> None:
    """However long the rests are, they are how the notes are played; so is the end of the last."""
    begin = [0, 288, 384, 576, 768, 960, 1056, 1152, 1344]
    whole = [b - a for a, b in itertools.pairwise([*begin, 1536])]
    timed = [(a, a + round(part * length) + 1) for a, length in zip(begin, whole, strict=True)]
    found = on_grid([Sound((60,), *times) for times in timed], 192)
    assert [(sound.end - sound.onset) * 192 / QUARTER for sound in found] == whole


def test_a_last_note_that_is_a_little_too_long_ends_on_the_beat() -> None:
    times = [(place * 192, place * 192 + 211) for place in range(8)]
    found = on_grid([Sound((60,), *time) for time in times], 192, played=True)
    assert found[-1].end == 8 * QUARTER


def test_a_last_note_that_is_a_little_too_short_lasts_until_the_beat() -> None:
    lengths = {0.4: 0.5, 0.9: 1, 3.6: 4, 1.4: 1.5}
    for played, written in lengths.items():
        times = [(place * 192, place * 192 + (185, 130)[place % 2]) for place in range(8)]
        last = (8 * 192, 8 * 192 + played * 192)
        found = on_grid([Sound((60,), *time) for time in [*times, last]], 192, played=True)
        assert found[-1].end - found[-1].onset == written * QUARTER


def test_staccato_that_a_program_wrote_is_no_rests() -> None:
    begin = [0, 1, 1.5, 2, 3, 4, 4.5, 5]
    half = [(a, (a + b) / 2) for a, b in itertools.pairwise([*begin, 8])]
    found = on_grid([Sound((60,), a * TICKS, b * TICKS) for a, b in half], TICKS)
    assert [sound.end for sound in found] == [time * QUARTER for time in [*begin[1:], 8]]
    even = [(time, time + 0.5) for time in range(8)]  # may as well be eighths and rests
    found = on_grid([Sound((60,), a * TICKS, b * TICKS) for a, b in even], TICKS)
    assert {sound.end - sound.onset for sound in found} == {QUARTER / 2}


def test_a_rest_that_was_played_stays() -> None:
    chance = random.Random(3)
    bars = [bar * 4 * TICKS + beat * TICKS for bar in range(16) for beat in (0, 1, 2)]
    played = [max(0.0, time + chance.gauss(0, 0.01 * TICKS)) for time in bars]
    ends = [time + 0.9 * TICKS for time in played]
    found = on_grid([Sound((60,), a, b) for a, b in zip(played, ends, strict=True)], TICKS)
    assert {sound.end - sound.onset for sound in found} == {QUARTER}


def test_triplets_that_were_played_are_triplets() -> None:
    chance = random.Random(4)
    times = [beat * TICKS + part * TICKS / 3 for beat in range(20) for part in range(3)]
    played = [max(0.0, time + chance.gauss(0, 0.01 * TICKS)) for time in times]
    assert onsets(on_grid(sounds(played), TICKS)) == [place * QUARTER // 3 for place in range(60)]


@pytest.mark.parametrize("swing", [0.6, 0.667, 0.7])
@pytest.mark.parametrize("jitter", [0, 0.01])
def test_swing_is_taken_out(swing: float, jitter: float) -> None:
    chance = random.Random(5)
    times = [beat * TICKS + part * TICKS for beat in range(32) for part in (0, swing)]
    played = [max(0.0, round(time + chance.gauss(0, jitter * TICKS))) for time in times]
    assert onsets(on_grid(sounds(played), TICKS)) == [place * QUARTER // 2 for place in range(64)]


def test_triplets_between_notes_that_swing_stay_triplets() -> None:
    chance = random.Random(7)
    thirds = [(0, 2), (0, 2), (0, 2), (0, 1, 2)] * 8
    times = [beat * TICKS + part * TICKS / 3 for beat, parts in enumerate(thirds) for part in parts]
    played = [max(0.0, time + chance.gauss(0, 0.008 * TICKS)) for time in times]
    found = onsets(on_grid(sounds(played), TICKS))
    places = [place % QUARTER * 6 // QUARTER for place in found if place // QUARTER < 8]
    assert places == [0, 3, 0, 3, 0, 3, 0, 2, 4] * 2


@pytest.mark.parametrize("late", [0.104, -0.08])
@pytest.mark.parametrize("jitter", [0, 0.01])
def test_notes_that_are_all_late_by_as_much_are_on_the_beats(late: float, jitter: float) -> None:
    chance = random.Random(1)
    played = [place + TICKS * (late + jitter * chance.uniform(-1, 1)) for place in EIGHTHS[1:]]
    expected = [round(place * QUARTER / TICKS) for place in EIGHTHS[1:]]
    assert onsets(on_grid(sounds(played), TICKS)) == expected


def test_thirty_seconds_are_not_late() -> None:
    written = [place * TICKS / 8 for place in range(64)]
    assert onsets(on_grid(sounds(written), TICKS)) == [place * QUARTER // 8 for place in range(64)]


def test_notes_that_follow_no_beats_are_refused() -> None:
    chance = random.Random(6)
    anywhere = sorted(chance.uniform(0, 64 * TICKS) for _ in range(100))
    with pytest.raises(CorpusError, match="do not follow its beats"):
        on_grid(sounds(anywhere), TICKS)


def test_a_recording_a_hundredth_off_the_tempo_is_refused() -> None:
    drifting = [time * 1.013 for time in EIGHTHS * 1]
    with pytest.raises(CorpusError, match="do not follow its beats"):
        on_grid(sounds(drifting), TICKS)
