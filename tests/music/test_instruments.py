import pytest

from abcgen.errors import UsageError
from abcgen.music.instruments import INSTRUMENTS, program_of


def test_instruments_are_the_128_of_general_midi() -> None:
    assert len(set(INSTRUMENTS)) == len(INSTRUMENTS) == 128
    assert [program_of(name) for name in INSTRUMENTS] == list(range(128))
    # The first of some families of eight, as General MIDI numbers them.
    named = {1: "acoustic grand piano", 25: "nylon guitar", 41: "violin", 57: "trumpet"}
    named |= {73: "piccolo", 81: "square lead", 105: "sitar", 111: "fiddle", 128: "gunshot"}
    assert {number: INSTRUMENTS[number - 1] for number in named} == named


@pytest.mark.parametrize(
    ("instrument", "hint"),
    [("fluet", "did you mean flute"), ("0", "1 to 128"), (129, "1 to 128"), ("¾", "1 to 128")],
)
def test_an_unknown_instrument_is_an_error(instrument: str | int, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        program_of(instrument)
