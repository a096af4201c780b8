"""Bars of a tune rewritten between the others, which stay as they are.

Many streams of the network read what stands before the bars, draw them, and read what stands behind
them. How likely they find that says how well their bars fit in. All stay within the grammar, which
here allows a bar only the length and the bar line that it had.

Source: N. J. Gordon, D. J. Salmond and A. F. M. Smith, "Novel approach to nonlinear/non-Gaussian
Bayesian state estimation", 1993: streams as particles, weighted and resampled.
"""
