"""Measurements, each a command of its own; every figure is a ratio taken in one run."""
