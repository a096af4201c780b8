"""Tunes made, changed and judged by the studio, over HTTP."""

import json
import re

import pytest

import abcgen
from abcgen.errors import AbcgenError
from tests.studio.servers import Server
from tests.tunes import SPELLED

STRANGE = "X:1\nT:<script>alert(1)</script> & <b>x</b>\nM:4/4\nL:1/8\nK:C\n~CDEF GABc|c4 z4|]\n"

#: Of its bar 16 the network is sure: it has been there before.
SURE = """X:1
T:Much Pride
R:reel
M:4/4
L:1/8
K:G
|:D2|"G"G2BA G2GF|"Em"E2EF G2Bc|"G"dedc B2AG|"D7"BAGA B2GA|
"G"G2BA G2GF|"Em"E2EF G2Bc|"G"dedc "D7"BAFD|"G"G2G2 G2:|
|:Bc|"G"d2dB "F"c2Ac|"G"BAGB "D"F2Ac|"G"dedc "D7"BAFA|"G"G2G2 G2B2|
"C"d2dB "C"c2Ac|"G"BAGB "D"A2Bc|"G"dedc "D7"BAFD|"G"G2G2 G2:|
"""


def test_a_tune_is_composed_as_python_composes_it(server: Server) -> None:
    (tune,) = server.ask("compose", seed=4, rhythm="jig", key="Ador", form="8,8")["tunes"]
    assert tune["abc"] == abcgen.load().tune(seed=4, rhythm="jig", key="Ador", form="8,8").abc
    assert (tune["key"], tune["rhythm"], tune["seed"]) == ("Ador", "jig", 4)
    assert tune["svg"].count('class="measure"') == len(tune["bars"])
    assert "<style" not in tune["svg"]


def test_wishes_that_are_empty_are_free(server: Server) -> None:
    plain = server.ask("compose", seed=4)["tunes"]
    assert server.ask("compose", seed=4, key="", title="", prime="", chords=None)["tunes"] == plain


def test_several_tunes_are_those_of_a_book(server: Server) -> None:
    tunes = server.ask("compose", seed=4, count=3)["tunes"]
    assert len({tune["abc"] for tune in tunes}) == 3
    assert tunes[0] == server.ask("compose", seed=4)["tunes"][0]


@pytest.mark.parametrize(
    ("how", "bars", "kept"),
    [
        ("redraw", "1,3", ["|:A|", "|gec A2:|", "|dAF D2:|"]),
        ("vary", None, ["|:A|", "|dAF D2:|"]),
        ("answer", "1", ["|:A|dfa agf|", "|fdf ece|dAF D2:|"]),
        ("go on", "3", ["|:A|dfa agf|gec A2:|"]),
    ],
)
def test_bars_are_written_anew_and_the_others_stay(
    server: Server, how: str, bars: str | None, kept: list[str]
) -> None:
    asked = {"abc": SPELLED, "how": how, "bars": bars, "alternatives": 3, "seed": 2}
    tunes = server.ask("change", **asked)["tunes"]
    assert tunes == server.ask("change", **asked)["tunes"]
    assert tunes
    for tune in tunes:
        assert abcgen.check(tune["abc"]) is None
        assert tune["abc"] != SPELLED
        assert tune["abc"].startswith("X:1\n")
        joined = tune["abc"].replace("\n|", "|")
        assert all(bar in joined for bar in kept), joined


def test_where_the_network_is_sure_bolder_bars_are_offered(server: Server) -> None:
    with pytest.raises(AbcgenError, match="nothing else"):
        abcgen.load().redraw(SURE, 16, alternatives=6, seed=1)
    asked = {"abc": SURE, "how": "redraw", "bars": "16", "alternatives": 6, "seed": 1}
    found = [one["abc"] for one in server.ask("change", **asked)["tunes"]]
    assert len({re.sub("N:.*", "", abc) for abc in found}) == len(found) > 1


def test_a_tune_is_transposed(server: Server) -> None:
    for to in ("G", "+5"):
        assert server.ask("transpose", abc=SPELLED, to=to)["tunes"][0]["key"] == "G"


def test_a_text_has_a_score_or_a_fault(server: Server) -> None:
    good = server.ask("check", abc=SPELLED)
    assert (good["fault"], good["reason"]) == (None, None)
    assert good["tune"]["bars"] == [0, 1, 2, 2, 3, 4]
    bad = server.ask("check", abc=SPELLED.replace("agf|", "a,,,,,,,,,gf|"))
    assert bad["tune"] is None
    assert bad["reason"]
    assert bad["fault"]["bar"] == 1
    assert SPELLED[bad["fault"]["position"] - 1] == "a"


def test_a_text_of_another_spelling_has_a_score(server: Server) -> None:
    checked = server.ask("check", abc=STRANGE)
    assert (checked["fault"]["bar"], checked["reason"]) == (1, None)
    assert "<script" not in checked["tune"]["svg"]
    assert "&lt;script" in checked["tune"]["svg"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("abc", b"X:1\nT:The Plain One"),
        ("midi", b"MThd"),
        ("wav", b"RIFF"),
        ("mp3", b"\xff"),
        ("pdf", b"%PDF"),
        ("musicxml", b"<?xml"),
        ("svg", b"<svg"),
    ],
)
def test_a_tune_is_a_file_in_every_format(server: Server, name: str, begins: bytes) -> None:
    answer = server.post(f"render/{name}", abc=SPELLED, qpm=240)
    assert answer.content.startswith(begins)
    assert "attachment" in answer.headers["content-disposition"]


def test_bits_and_the_nearest_tune(server: Server) -> None:
    bits = server.ask("bits", abc=SPELLED)["bits"]
    assert list(bits) == ["0", "1", "2", "3", "4"]
    match = server.ask("nearest", abc=server.ask("compose", seed=1)["tunes"][0]["abc"])["match"]
    assert match is None or match["notes"] >= 8


@pytest.mark.parametrize(
    ("path", "asked", "status", "words"),
    [
        ("compose", {"key": "H"}, 422, "no key"),
        ("compose", {"keys": "G"}, 422, "no field 'keys'"),
        ("compose", {"seed": "1"}, 422, "seed must be a whole number"),
        ("compose", {"seed": True}, 422, "seed must be a whole number"),
        ("compose", {"seed": -1}, 422, "seed must be 0 to 9,007,199,254,740,991, not -1"),
        ("compose", {"count": 9}, 422, "count must be 1 to 8"),
        ("compose", {"temperature": 1e9}, 422, "temperature must be"),
        ("change", {"abc": SPELLED}, 422, "how is missing"),
        ("change", {"abc": SPELLED, "how": "redraw"}, 422, "bars is missing"),
        ("change", {"abc": SPELLED, "how": "redraw", "bars": "40"}, 422, "no bar 40"),
        ("change", {"abc": SPELLED, "how": "redraw", "bars": "x"}, 422, "x"),
        ("change", {"abc": SPELLED, "how": "eat", "bars": "1"}, 422, "how must be"),
        ("transpose", {"abc": SPELLED, "to": "Xyz"}, 422, "Xyz"),
        ("transpose", {"abc": SPELLED, "to": "+99"}, 422, ""),
        ("check", {}, 422, "abc is missing"),
        ("check", {"abc": "X:1\nK:C\nC\0C|"}, 422, "character 0"),
        ("check", {"abc": "x" * 60_000}, 422, "characters"),
        ("check", {"abc": "X:1\nK:C\n" + "C|" * 700}, 422, "at most 600 bars"),
        ("render/exe", {"abc": SPELLED}, 404, "no format 'exe'"),
        ("render/wav", {"abc": SPELLED, "qpm": 1}, 422, "qpm must be"),
        ("render/wav", {"abc": SPELLED, "instrument": "kazoo"}, 422, "kazoo"),
        ("render/wav", {"abc": "X:1\nL:1/1\nK:C\n" + "C|" * 590, "qpm": 20}, 422, "15 minutes"),
        ("render/wav", {"abc": "X:1\nQ:1/4=20\nL:1/8\nK:C\n" + "C8|" * 500}, 422, "15 minutes"),
        ("render/svg", {"abc": "X:1\nno tune\n"}, 422, ""),
    ],
)
def test_what_cannot_be_done_is_one_line(
    server: Server, path: str, asked: dict[str, object], status: int, words: str
) -> None:
    answer = server.post(path, **asked)
    assert answer.status_code == status, answer.text
    reason = answer.json()["error"]
    assert words in reason
    assert reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    "abc",
    [
        "X:1\nT:" + "((((" * 5_000 + "\nK:C\nC|\n",
        "X:1\nK:C\n" + "(" * 20_000 + "C|\n",
        "X:1\nK:C\n" + "{" * 20_000 + "C|\n",
        "X:1\nK:C\n" + "[" * 20_000 + "C|\n",
        'X:1\nK:C\n"C|\n',
        "X:1\nK:C\n!\n",
        "X:999999999999999999999\nK:C\nC|\n",
        "X:1\nM:999999/1\nL:1/999999\nK:C\nC|\n",
        "\n",
        "../../etc/passwd",
        "folk",
    ],
)
def test_strange_texts_are_answered(server: Server, abc: str) -> None:
    answer = server.post("check", abc=abc)
    assert answer.status_code == 200, answer.text
    assert "error" not in json.loads(answer.text)
