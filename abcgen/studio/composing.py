"""The endpoints that make tunes: composed, changed, moved into another key."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

import abcgen
from abcgen.errors import AbcgenError
from abcgen.studio.endpoints import Endpoint
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.tunes import ABC, limited, shown
from abcgen.studio.workshop import Progress, Workshop
from abcgen.support.defaults import TEMPERATURE_IN_PLACE

if TYPE_CHECKING:
    from abcgen import Generator, Tune

_MOST_SEED = 2**53 - 1  # the largest whole number that every browser can hold
_SEED = Field(int, "the same seed gives the same tunes", 0, _MOST_SEED)
_TEMPERATURE = Field(float, "below 1 tamer, above 1 wilder", 0, 5)
_COUNT = Field(int, "how many tunes", 1, 8)
_NETWORK = Field(str, "a network that was trained here", 0, 40)
_NUMBER = re.compile(r"\AX:\d+")
_REMARK = re.compile(r"^[XN]:.*\n", re.MULTILINE)
#: Times that bars are drawn, bars behind them that are read, and how many are left of what fits in
#: best. For several bars that is half of what `abcgen.redraw` does, and less behind them, so that a
#: visitor waits less than half as long.
_STREAMS, _BEHIND, _SIFT = 64, 4, 16
_BOLDER = 0.4  # added to the temperature where too few bars were found


async def compose(shop: Workshop, asked: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
    """Make new tunes."""
    wishes = {name: value for name, value in asked.items() if value != ""}
    network = wishes.pop("checkpoint", "")
    if "prime" in wishes:
        wishes["prime"] = _prime(wishes)
    async with aclosing(shop.drawn(lambda: shop.batch(network).tunes(**wishes))) as drawn:
        async for tune in drawn:
            yield {"tunes": [await shop.do(partial(shown, shop, tune))]}


def _prime(wishes: Mapping[str, Any]) -> str:
    """Return what a tune begins with, of an opening such as ``GABc``, which may have a header."""
    opening = wishes["prime"]
    if "K:" in opening:
        return str(opening)
    if not (wishes.get("key") and wishes.get("meter")):
        raise RefusedError(422, "an opening needs a key and a metre: choose both")
    title, rhythm = wishes.get("title", "The Opening"), wishes.get("rhythm")
    lines = [f"T:{title}", *([f"R:{rhythm}"] if rhythm else []), f"M:{wishes['meter']}", "L:1/8"]
    return "\n".join([*lines, f"K:{wishes['key']}", opening])


async def change(shop: Workshop, asked: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
    """Rewrite some bars of a tune, in one of several ways."""
    async with aclosing(shop.follow(lambda told: _changed(shop, asked, told))) as parts:
        async for part in parts:
            yield part


def _changed(shop: Workshop, asked: Mapping[str, Any], heed: Progress) -> list[Mapping[str, Any]]:
    """Return alternatives for a tune."""
    tune, how = limited(asked["abc"]), asked["how"]
    bars: Any = asked.get("bars")
    options: dict[str, Any] = {
        name: asked[name] for name in ("alternatives", "seed", "temperature") if name in asked
    }
    make = shop.generator(asked.get("checkpoint", ""))
    if bars is None and how != "vary":
        raise RefusedError(422, "the field bars is missing")
    if how == "redraw":
        tunes = _redrawn(make, tune, bars, heed, **options)
    elif how == "vary":
        tunes = make.vary(tune, bars, **options, heed=heed)
    elif how == "answer":
        tunes = make.answer(tune, bars, **options, heed=heed)
    elif how in ("simplify", "ornament"):
        tunes = getattr(make, how)(tune, bars, **options, heed=heed)
    elif how == "go on" and re.fullmatch(r"\d{1,4}", bars):
        tunes = make.go_on(tune, int(bars), **options, heed=heed)
    else:
        raise RefusedError(
            422, "how must be redraw, vary, simplify, ornament, answer, or go on from one bar"
        )
    # Alternatives are numbered like a book; here, each may take the place of the tune.
    number = _NUMBER.match(tune.abc)
    return [shown(shop, _numbered(one, number), asked.get("show")) for one in tunes]


def transpose(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Move a tune into another key."""
    return {"tunes": [shown(shop, limited(asked["abc"]).transpose(asked["to"].strip()))]}


def _redrawn(
    make: "Generator",
    tune: "Tune",
    bars: str,
    heed: Progress,
    *,
    alternatives: int = 1,
    temperature: float = TEMPERATURE_IN_PLACE,
    seed: int | None = None,
) -> "list[Tune]":
    """Return alternatives for bars; where the network writes few, also some of its bolder ones."""
    found: dict[str, Tune] = {}
    for bolder in (0.0, _BOLDER):
        try:
            tunes = make.redraw(
                tune,
                bars,
                alternatives=alternatives,
                seed=seed,
                temperature=temperature + bolder,
                streams=_STREAMS,
                behind=_BEHIND,
                sift=_SIFT,
                heed=heed,
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


def _numbered(tune: "Tune", number: re.Match[str] | None) -> "Tune":
    """Return a tune with the number (X:) that was found in another."""
    return abcgen.Tune(_NUMBER.sub(number[0], tune.abc)) if number else tune


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
            "checkpoint": _NETWORK,
        },
    ),
    Endpoint(
        "POST",
        "/api/change",
        change,
        {
            "abc": ABC,
            "how": Field(
                str, "redraw, vary, simplify, ornament, answer or go on", 1, 10, needed=True
            ),
            "bars": Field(str, "bars such as 5,6 or 1-4", 1, 500),
            "show": Field(str, "bars whose small score is drawn; all unless given", 1, 500),
            "alternatives": _COUNT,
            "seed": _SEED,
            "temperature": _TEMPERATURE,
            "checkpoint": _NETWORK,
        },
    ),
    Endpoint(
        "POST",
        "/api/transpose",
        transpose,
        {"abc": ABC, "to": Field(str, "a key, or semitones such as +2", 1, 10, needed=True)},
    ),
)
