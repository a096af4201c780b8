"""The endpoints that make, change and judge tunes."""

import re
from collections.abc import Mapping
from typing import Any

import abcgen
from abcgen import Tune
from abcgen.errors import AbcgenError, NotationError
from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.workshop import Workshop, tune_of
from abcgen.support.defaults import TEMPERATURE

#: The longest text of a tune, in characters, and the most bars that it may have.
MOST_CHARACTERS, MOST_BARS = 50_000, 600
_MOST_SECONDS = 15 * 60  # of sound
_MOST_SEED = 2**53 - 1  # the largest whole number that every browser can hold
_SOUND_RATE = 22_050  # samples a second: what is played in the page

ABC = Field(str, "one tune in ABC", 1, MOST_CHARACTERS, needed=True)
_SEED = Field(int, "the same seed gives the same tunes", 0, _MOST_SEED)
_TEMPERATURE = Field(float, "below 1 tamer, above 1 wilder", 0, 5)
_COUNT = Field(int, "how many tunes", 1, 8)
_SOUND = {
    "abc": ABC,
    "qpm": Field(float, "tempo in quarter notes a minute", 20, 400),
    "instrument": Field(str, "a General MIDI name, such as flute", 1, 40),
    "swing": Field(float, "the part of a beat that its first eighth takes", 0.5, 0.9),
}
#: Format -> its media type, and the ending of its files.
_FORMATS = {
    "abc": ("text/vnd.abc", "abc"),
    "midi": ("audio/midi", "mid"),
    "wav": ("audio/wav", "wav"),
    "mp3": ("audio/mpeg", "mp3"),
    "pdf": ("application/pdf", "pdf"),
    "musicxml": ("application/vnd.recordare.musicxml+xml", "musicxml"),
    "svg": ("image/svg+xml", "svg"),
}
_NUMBER = re.compile(r"\AX:\d+")
_REMARK = re.compile(r"^[XN]:.*\n", re.MULTILINE)
#: Times that bars are drawn. For several bars that is half of what `abcgen.redraw` does, so that a
#: visitor waits half as long.
_STREAMS = 64
_BOLDER = 0.4  # added to the temperature where too few bars were found
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)


def compose(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Make new tunes."""
    wishes = {name: value for name, value in asked.items() if name != "count" and value != ""}
    # Of one tune the engine is at hand; for several at once a wider one is made.
    if (count := asked.get("count", 1)) == 1:
        return {"tunes": [shown(shop, shop.generator.tune(**wishes))]}
    return {"tunes": [shown(shop, tune) for tune in shop.generator.tunes(count, **wishes)]}


def change(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Write some bars of a tune anew, in one of several ways."""
    tune, how = _limited(asked["abc"]), asked["how"]
    bars: Any = asked.get("bars")
    options: dict[str, Any] = {
        name: asked[name] for name in ("alternatives", "seed", "temperature") if name in asked
    }
    make = shop.generator
    if bars is None and how != "vary":
        raise RefusedError(422, "the field bars is missing")
    if how == "redraw":
        tunes = _redrawn(shop, tune, bars, **options)
    elif how == "vary":
        tunes = make.vary(tune, bars, **options)
    elif how == "answer":
        tunes = make.answer(tune, bars, **options)
    elif how == "go on" and re.fullmatch(r"\d{1,4}", bars):
        tunes = make.go_on(tune, int(bars), **options)
    else:
        raise RefusedError(422, "how must be redraw, vary, answer, or go on from one bar")
    # Alternatives are numbered like a book; here, each may take the place of the tune.
    number = _NUMBER.match(tune.abc)
    return {"tunes": [shown(shop, _numbered(one, number)) for one in tunes]}


def transpose(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Move a tune into another key."""
    to = asked["to"].strip()
    by = int(to) if re.fullmatch(r"[+-]\d{1,2}", to) else to
    return {"tunes": [shown(shop, _limited(asked["abc"]).transpose(by))]}


def check(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Read a text: return its score, or why there is none."""
    tune = _limited(asked["abc"])
    fault = abcgen.check(tune)
    place = fault and {"bar": fault.bar, "position": fault.position, "words": str(fault)}
    try:
        return {"tune": shown(shop, tune), "fault": place, "reason": None}
    except NotationError as error:
        return {"tune": None, "fault": place, "reason": str(error)}


def render(shop: Workshop, asked: Mapping[str, Any]) -> File:
    """Return a tune in one of the formats, as a file."""
    name, tune = asked["format"], _limited(asked["abc"])
    if name not in _FORMATS:
        raise RefusedError(404, f"no format {name!r}; known: {', '.join(_FORMATS)}")
    media_type, ending = _FORMATS[name]
    options = {key: asked[key] for key in ("qpm", "instrument", "swing") if key in asked}
    if name in ("midi", "wav", "mp3") and tune.seconds(qpm=asked.get("qpm")) > _MOST_SECONDS:
        raise RefusedError(422, f"the tune takes longer than {_MOST_SECONDS // 60} minutes")
    if name == "abc":
        content: str | bytes = tune.abc
    elif name in ("midi", "mp3"):
        content = getattr(tune, name)(**options)
    elif name == "wav":
        content = tune.wav(**options, rate=_SOUND_RATE)
    else:
        content = getattr(tune, name)()
    return File(content if isinstance(content, bytes) else content.encode(), media_type, ending)


def bits(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return how surprising each bar is."""
    return {"bits": shop.generator.bar_bits(_limited(asked["abc"]))}


def nearest(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return the nearest tune that the network learned from."""
    match = shop.generator.nearest(_limited(asked["abc"]))
    if match is None:
        return {"match": None}
    return {
        "match": {
            "title": match.title,
            "source": match.source,
            "number": match.number,
            "notes": match.notes,
            "of_notes": match.of_notes,
            "share": match.share,
            "written_bars": [match.here.first_bar, match.here.last_bar],
            "abc": match.there.abc,
        }
    }


def shown(shop: Workshop, tune: Tune) -> dict[str, object]:
    """Return a tune as the page shows it.

    ``bars`` holds the number of each bar of the score, or nothing if bars cannot be written anew.
    """
    # Styles inside of the score would break the policy that nothing but the page's own counts.
    svg = _STYLE.sub("", tune.svg())
    try:
        bars = shop.generator.bar_numbers(tune)
    except AbcgenError:
        bars = []
    if len(bars) != svg.count('class="measure"'):  # of another spelling, whose bars are others
        bars = []
    made = tune.request if "\nN:" in tune.abc else None
    return {
        "abc": tune.abc,
        "title": tune.title,
        "key": tune.key,
        "meter": tune.meter,
        "rhythm": tune.rhythm,
        "seed": made.seed if made else None,
        "svg": svg,
        "bars": bars,
    }


def _redrawn(
    shop: Workshop,
    tune: Tune,
    bars: str,
    *,
    alternatives: int = 1,
    temperature: float = TEMPERATURE,
    seed: int | None = None,
) -> list[Tune]:
    """Return alternatives for bars; where the network writes few, also some of its bolder ones."""
    found: dict[str, Tune] = {}
    for bolder in (0.0, _BOLDER):
        try:
            tunes = shop.generator.redraw(
                tune,
                bars,
                alternatives=alternatives,
                seed=seed,
                temperature=temperature + bolder,
                streams=_STREAMS,
            )
        except AbcgenError as error:
            if type(error) is not AbcgenError or bolder:  # a wrong request, or nothing at all
                raise
            continue
        for one in tunes:
            found.setdefault(_REMARK.sub("", one.abc), one)
        if 2 * len(found) >= alternatives:
            break
    return list(found.values())[:alternatives]


def _numbered(tune: Tune, number: re.Match[str] | None) -> Tune:
    """Return a tune with the number (X:) that was found in another."""
    return Tune(_NUMBER.sub(number[0], tune.abc)) if number else tune


def _limited(abc: str) -> Tune:
    """Return a tune that a visitor sent, unless it is too long."""
    if abc.count("|") > MOST_BARS:
        raise RefusedError(422, f"the studio takes tunes of at most {MOST_BARS} bars")
    return tune_of(abc)


def _wish(what: str) -> Field:
    return Field(str, what, 0, 80)


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/compose",
        compose,
        {
            "key": _wish("such as Edor"),
            "meter": _wish("such as 6/8"),
            "rhythm": _wish("such as jig"),
            "form": _wish("bars of each section, such as 8,8"),
            "title": _wish("in plain letters"),
            "chords": Field(bool, "with chord symbols, or without"),
            "prime": Field(str, "what the tune begins with", 0, 2000),
            "novel": Field(bool, "no long runs of notes from tunes that the network learned"),
            "seed": _SEED,
            "temperature": _TEMPERATURE,
            "count": _COUNT,
        },
    ),
    Endpoint(
        "POST",
        "/api/change",
        change,
        {
            "abc": ABC,
            "how": Field(str, "redraw, vary, answer or go on", 1, 10, needed=True),
            "bars": Field(str, "bars such as 5,6 or 1-4", 1, 500),
            "alternatives": _COUNT,
            "seed": _SEED,
            "temperature": _TEMPERATURE,
        },
    ),
    Endpoint(
        "POST",
        "/api/transpose",
        transpose,
        {"abc": ABC, "to": Field(str, "a key, or semitones such as +2", 1, 10, needed=True)},
    ),
    Endpoint("POST", "/api/check", check, {"abc": ABC}),
    Endpoint("POST", "/api/render/{format}", render, _SOUND),
    Endpoint("POST", "/api/bits", bits, {"abc": ABC}),
    Endpoint("POST", "/api/nearest", nearest, {"abc": ABC}),
)
