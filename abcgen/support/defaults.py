"""Default values, in a module of their own so that `--help` shows them without loading more."""

#: The name of a checkpoint.
CHECKPOINT = "folk"
#: How characters are drawn: see `abcgen.generation.sampler.Choice`.
TEMPERATURE, TOP_K, TOP_P = 0.9, 0, 1.0
#: The value of `abcgen.sample --novel` without a number: the threshold of the checkpoint's index.
NOVEL = 0
