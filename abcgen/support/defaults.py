"""What is taken where nothing is said: on its own, so that a `--help` can tell it at once."""

#: The name of a checkpoint.
CHECKPOINT = "folk"
#: How characters are drawn: see `abcgen.generation.sampler.Choice`.
TEMPERATURE, TOP_K, TOP_P = 0.9, 0, 1.0
#: What `abcgen.sample --novel` alone stands for: the threshold of the checkpoint's own index.
NOVEL = 0
