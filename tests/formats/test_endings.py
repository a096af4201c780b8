from pathlib import Path

import pytest

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.endings import FORMATS, Format, format_of, formats_named


def test_every_ending_leads_to_its_format() -> None:
    endings = [ending for form in FORMATS.values() for ending in form.endings]
    assert len(set(endings)) == len(endings)
    for form in FORMATS.values():
        for ending in form.endings:
            assert format_of(Path("a.b" + ending)) is format_of(Path("A" + ending.upper())) is form


@pytest.mark.parametrize(("name", "found"), [("x.doc", "'.doc'"), ("mid", "no ending")])
def test_an_unknown_ending_names_those_that_are_known(name: str, found: str) -> None:
    with pytest.raises(UsageError, match=found) as error:
        format_of(Path(name))
    assert all(form.ending in str(error.value) for form in FORMATS.values())


def test_formats_are_named_by_name_or_ending_once_each_in_their_order() -> None:
    assert [form.name for form in formats_named("wav, .MID,midi,xml,")] == [
        "WAV", "MIDI", "MusicXML",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("midi,waw", "'waw'; did you mean wav"),
        ("", "no format is named"),
        (",", "known: abc, midi"),
    ],
)
def test_an_unknown_format_is_wrong_usage(names: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        formats_named(names)


def test_a_format_takes_its_own_options() -> None:
    options = {"qpm": 90, "soundfont": "x.sf2", "rate": 8000}
    assert FORMATS["midi"].among(options) == {"qpm": 90}
    assert FORMATS["svg"].among(options) == {}
    assert FORMATS["wav"].among(options) == options


def test_what_is_missing_is_said_with_the_command_that_mends_it() -> None:
    for form in FORMATS.values():
        form.require()  # tests have all of them
    needy = Format("X", (".x",), print, modules=("no_such_module",), extra="such")
    with pytest.raises(AbcgenError, match=r"no_such_module.*pip install '.*\[such\]'"):
        needy.require()
