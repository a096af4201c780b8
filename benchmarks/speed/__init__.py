"""The parts of `python -m benchmarks`: every speed as a ratio against a named baseline."""
