"""Measurements; `python -m benchmarks` takes every speed as a ratio, others are commands too."""
