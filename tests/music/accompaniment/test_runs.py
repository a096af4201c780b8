import pytest

from abcgen.music.accompaniment.runs import run_to

C, D, E, F, G, A, B = 48, 50, 40, 41, 43, 45, 47


@pytest.mark.parametrize(
    ("start", "target", "key", "tones", "expected"),
    [
        (G, C, "G", (7, 11, 2), [45, 47]),
        (C, G, "G", (0, 4, 7), [47, 45]),
        (D, G, "G", (2, 6, 9), [47, 45]),
        (G, D, "D", (7, 11, 2), [47, 49]),
        (G, E, "G", (7, 11, 2), [42]),
        (E, G, "C", (4, 7, 11), [41]),
        (A, G, "G", (9, 0, 4), []),
        (G, G, "G", (7, 11, 2), []),
        (E, D, "D", (4, 7, 11), []),
    ],
    ids=["up", "down", "fifth", "fifth up", "third", "third up", "step", "same", "far"],
)
def test_steps_of_the_scale(
    start: int, target: int, key: str, tones: tuple[int, ...], expected: list[int]
) -> None:
    assert run_to(target, start, key, tones) == expected


@pytest.mark.parametrize(
    ("start", "target", "key", "tones", "expected"),
    [
        (A, D, "G", (9, 1, 4, 7), [47, 49]),  # A7 brings C sharp in place of C
        (E, A, "Am", (4, 8, 11), [42, 44]),  # E7 brings F sharp with G sharp
        (C, F, "F", (0, 4, 7, 10), [45, 43]),
        (F, C, "D", (5, 9, 0), [45, 47]),  # F in D major
    ],
)
def test_notes_of_the_chord_come_before_those_of_the_key(
    start: int, target: int, key: str, tones: tuple[int, ...], expected: list[int]
) -> None:
    assert run_to(target, start, key, tones) == expected
