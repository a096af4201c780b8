"""Measurements: `python -m benchmarks` measures every speed as a ratio; see also `quality`."""
