"""Training a network: the tunes it reads, the epochs, and the checkpoint that a run writes."""
