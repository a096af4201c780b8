"""The endpoints that read and judge tunes, and give them as files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import abcgen
from abcgen.errors import AbcgenError, NotationError
from abcgen.studio.endpoints import Endpoint, File
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.workshop import Workshop, tune_of

if TYPE_CHECKING:
    from abcgen import Tune

#: The longest text of a tune, in characters, and the most bars that it may have.
MOST_CHARACTERS, MOST_BARS = 50_000, 600
#: Of sound.
MOST_SECONDS = 15 * 60
_SOUND_RATE = 22_050  # samples a second: what is played in the page

ABC = Field(str, "one tune in ABC", 1, MOST_CHARACTERS, needed=True)
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


def check(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Read a text: return its score, or why there is none."""
    tune = limited(asked["abc"])
    fault = abcgen.check(tune)
    place = fault and {"bar": fault.bar, "position": fault.position, "words": str(fault)}
    try:
        return {"tune": shown(shop, tune), "fault": place, "reason": None}
    except NotationError as error:
        return {"tune": None, "fault": place, "reason": str(error)}


def render(shop: Workshop, asked: Mapping[str, Any]) -> File:
    """Return a tune in one of the formats, as a file."""
    name, tune = asked["format"], limited(asked["abc"])
    if name not in _FORMATS:
        raise RefusedError(404, f"no format {name!r}; known: {', '.join(_FORMATS)}")
    media_type, ending = _FORMATS[name]
    options = {key: asked[key] for key in ("qpm", "instrument", "swing") if key in asked}
    if name in ("midi", "wav", "mp3") and tune.seconds(qpm=asked.get("qpm")) > MOST_SECONDS:
        raise RefusedError(422, f"the tune takes longer than {MOST_SECONDS // 60} minutes")
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
    return {"bits": shop.generator().bar_bits(limited(asked["abc"]))}


def nearest(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return the nearest tune that the network learned from."""
    match = shop.generator().nearest(limited(asked["abc"]))
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


def shown(shop: Workshop, tune: "Tune", show: str | None = None) -> dict[str, object]:
    """Return a tune as the page shows it.

    Parameters
    ----------
    shop : Workshop
        Knows which bars can be rewritten.
    tune : Tune
        The tune.
    show : str, optional
        Bars, such as ``5,6``: the score is then a small one, of these and a bar before and behind
        them, which takes less time; and ``bars`` is empty.

    Returns
    -------
    dict
        ``bars`` holds the number of each bar of the score, or nothing if bars cannot be
        rewritten.
    """
    drawn = shop.generator().excerpt(tune, show) if show else tune
    # Styles inside of the score would break the policy that nothing but the page's own counts.
    svg = drawn.svg(stretch=not show, style=False)
    made = tune.request if "\nN:" in tune.abc else None
    return {
        "abc": tune.abc,
        "title": tune.title,
        "key": tune.key,
        "meter": tune.meter,
        "rhythm": tune.rhythm,
        "seed": made.seed if made else None,
        "svg": svg,
        "bars": [] if show else _bars(shop, tune, svg),
    }


def _bars(shop: Workshop, tune: "Tune", svg: str) -> list[int]:
    """Return the number of each bar of a score; none of a spelling whose bars are others."""
    try:
        bars = shop.generator().bar_numbers(tune)
    except AbcgenError:
        return []
    return bars if len(bars) == svg.count('class="measure"') else []


def limited(abc: str) -> "Tune":
    """Return a tune that a visitor sent, unless it is too long."""
    if abc.count("|") > MOST_BARS:
        raise RefusedError(422, f"the studio takes tunes of at most {MOST_BARS} bars")
    return tune_of(abc)


ENDPOINTS = (
    Endpoint("POST", "/api/check", check, {"abc": ABC}),
    Endpoint("POST", "/api/render/{format}", render, _SOUND),
    Endpoint("POST", "/api/bits", bits, {"abc": ABC}),
    Endpoint("POST", "/api/nearest", nearest, {"abc": ABC}),
)
