"""The network in Keras. Loaded by training and by nothing else."""
