"""What is taken where nothing is said: on its own, so that a `--help` can tell it at once."""

#: The name of a checkpoint.
CHECKPOINT = "folk"
#: What logits are divided by.
TEMPERATURE = 0.9
#: What `abcgen.sample --novel` alone stands for: the threshold of the checkpoint's own index.
NOVEL = 0
