"""Default values, in a module of their own so that `--help` shows them without loading more."""

from typing import Literal

#: The name of a checkpoint.
CHECKPOINT = "folk"
#: How characters are drawn: see `abcgen.generation.sampler.Sampler`.
TEMPERATURE, TOP_K, TOP_P = 0.8, 0, 1.0
#: The temperature where notes are drawn for what is given: other bars of a tune, or chords.
TEMPERATURE_IN_PLACE = 0.9
#: What runs a network; the other is ``keras``.
ENGINE: Literal["litert", "keras"] = "litert"
#: How much a note that changes on a beat speaks against a variation, in nats.
STRICTNESS = 1.0
#: How much is added to the logits of notes of the chord on beats, in nats, and the most.
CLOSE, MOST_CLOSE = 1.25, 100
