"""A tune that every referee accepts, and tunes with one thing wrong."""

HEADER = "X:1\nT:The Tried One\nR:polka\nM:2/4\nL:1/8\nK:G\n"


GOOD = HEADER + '|:G|A>Bcd|"D"e2-(3efg|1 f2e:|2 [DF]2 e||\n|:{a}g|f2ed|c2B:|\n'


#: The same, as abcgen spells it.
CANONICAL = HEADER + '|:G|ABcd|"D"e2(3efg|[1 f2e:|[2 [DF]2e||\n|:g|f2ed|c2B:|\n'


#: Name -> a tune with one thing wrong.
WRONG = {
    "over-full bar": "|:GABc|d2ded|e2d2|G4:|\n",
    "short bar": "|:GABc|ded|e2d2|G4:|\n",
    "full bar before a pickup": "|:G|ABcd|G4:|\n",
    "unmatched repeat": "|:GABc|d2e2:|\ne2d2|G4:|\n",
    "unmatched ending": "|:GABc|d2e2:|\nGABc|1 d2e2:|2 G4|]\n",
    "lone ending": "|:GABc|d2e2|1 G2B2:|\n|:G4|G4:|\n",
    "open chord": "|:GABc|[GBd2|e2d2|G4:|\n",
    "dangling tie": "|:GABc|d2e2|e2d2|G4-:|\n",
}
