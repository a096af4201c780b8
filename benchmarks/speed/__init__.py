"""The parts of `python -m benchmarks`: each has TITLE, ABOUT and `measure`."""
