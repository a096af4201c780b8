"""The endpoints by which a network is trained, and those that there are."""

from collections.abc import Mapping
from typing import Any

import abcgen
from abcgen.errors import CorpusError
from abcgen.studio.endpoints import Endpoint
from abcgen.studio.fields import Field, RefusedError
from abcgen.studio.workshop import Workshop
from abcgen.support.extras import require

_MOST_BOOK = 900_000  # characters
_MOST_REASONS = 50
_BOOK = Field(str, "a tunebook in ABC", 1, _MOST_BOOK, needed=True)


def networks(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """List the networks that were trained here, one an epoch."""
    return {"networks": shop.networks.names()}


def look(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Say how many tunes of a tunebook can be learned from, and why the others cannot."""
    try:
        read = abcgen.read(asked["abc"] + "\n")  # text, not the name of a file
    except CorpusError as error:
        raise RefusedError(422, str(error)) from None
    learning = shop.generator()
    faults = [(tune, fault) for tune in read if (fault := _fault(learning, tune))]
    reasons = [one.reason for one in read.unread] + [fault for _, fault in faults]
    return {
        "tunes": len(read) - len(faults),
        "unread": len(reasons),
        "reasons": reasons[:_MOST_REASONS],
    }


def _fault(learning: abcgen.Generator, tune: abcgen.Tune) -> str | None:
    """Return why a tune has no spelling that a network can learn, or None."""
    try:
        learning.spell(tune)
    except abcgen.AbcgenError as error:
        return str(error)
    return None


def train(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Begin to train a network on a tunebook."""
    require("tensorflow", "train", "training")
    shop.training.start(asked["abc"], asked["name"].strip(), asked.get("epochs", 8))
    return shop.training.status()


def status(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """Return how far the training is, with the losses of each epoch."""
    return shop.training.status()


def stop(shop: Workshop, asked: Mapping[str, Any]) -> dict[str, object]:
    """End the training; the networks of the epochs that are done stay."""
    shop.training.stop()
    return shop.training.status()


ENDPOINTS = (
    Endpoint("GET", "/api/networks", networks),
    Endpoint("POST", "/api/train/look", look, {"abc": _BOOK}),
    Endpoint(
        "POST",
        "/api/train",
        train,
        {
            "abc": _BOOK,
            "name": Field(str, "of letters, digits and hyphens", 1, 30, needed=True, plain=True),
            "epochs": Field(int, "how often the tunebook is read; 8 unless given", 1, 100),
        },
    ),
    Endpoint("GET", "/api/train", status),
    Endpoint("POST", "/api/train/stop", stop),
)
