"""How much a plan counts where tunes are drawn, beside what was learned.

From its own tunes a network learns its own habits, too. What these constants do, and what else was
tried: benchmarks/results/PLANS.md.
"""

import numpy as np

from abcgen.model.factors.layout import ECHO_TRUST
from abcgen.model.factors.plan import CONTOUR, COPY, ECHOED, KINDS, MOVED, NEW

#: What is added to the logits of notes that an echo tells, where tunes are drawn, by the kind of
#: bar and the trust in the echo: a bar that is to be new must not become one that was there.
FRESH = np.zeros((KINDS, ECHO_TRUST), np.float32)
FRESH[[NEW, MOVED, CONTOUR]] = -0.25, -0.5, -0.8, -1.2
#: What is added to how much the echo of the planned bar is wanted, where tunes are drawn, by the
#: kind of bar and the trust in it: its own tunes, from which the layer learns, seldom move a bar.
MORE_TRUST = np.zeros((ECHOED, ECHO_TRUST), np.float32)
MORE_TRUST[MOVED - COPY] = 2.0
#: How many times more than learned the last note of a section is wanted that is planned, where
#: tunes are drawn. From its own tunes, which seldom close, the layer learns it too weakly.
TARGET_STRENGTH = 2.0
#: The same of how far a tune reaches, which it learns as weakly.
REACH_STRENGTH = 1.25
