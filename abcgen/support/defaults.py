"""Default values, in a module of their own so that `--help` shows them without loading more."""

from typing import Literal

#: The name of a checkpoint.
CHECKPOINT = "folk"
#: How characters are drawn: see `abcgen.generation.sampler.Sampler`.
TEMPERATURE, TOP_K, TOP_P = 0.9, 0, 1.0
#: What runs a network; the other is ``keras``.
ENGINE: Literal["litert", "keras"] = "litert"
#: How much a note that changes on a beat speaks against a variation, in nats.
STRICTNESS = 1.0
